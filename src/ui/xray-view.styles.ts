import { css } from 'lit';

export const xrayViewStyles = css`
  .stage {
    display: grid;
    place-items: center;
    background: var(--film);
    color: var(--film-text);
    border: 1px solid var(--film-line);
    border-radius: var(--radius);
    overflow: hidden;
  }

  .sheet {
    position: relative;
    display: grid;
    max-inline-size: 100%;
  }

  canvas {
    display: block;
    inline-size: 100%;
    block-size: auto;
    forced-color-adjust: none;
  }

  .overlay {
    position: absolute;
    inset: 0;
    block-size: 100%;
    pointer-events: none;
  }

  .inverted {
    filter: invert(1);
  }
`;
