import { css } from 'lit';

export const xrayViewStyles = css`
  :host {
    /* A picture taller than this leaves no room for the findings below it. */
    --film-height: 62vh;
  }

  .stage {
    position: relative;
    display: grid;
    place-items: center;
    background: var(--film);
    color: var(--film-text);
    border: 1px solid var(--film-line);
    border-radius: var(--radius);
    overflow: hidden;
    /* The page scrolls under a finger while the picture is whole. */
    touch-action: pan-x pan-y;
    user-select: none;
    -webkit-user-select: none;
    -webkit-touch-callout: none;
  }

  .stage.movable,
  .stage.window,
  .stage.loupe {
    touch-action: none;
  }

  .stage.movable {
    cursor: grab;
  }

  .stage.movable:active {
    cursor: grabbing;
  }

  .stage.window {
    cursor: move;
  }

  .stage.loupe {
    cursor: crosshair;
  }

  /* Wide as the column, yet never taller than the window allows; the canvases fill the sheet exactly. */
  .sheet {
    position: relative;
    display: grid;
    inline-size: min(100%, var(--film-height) * var(--shape, 1));
    max-inline-size: 100%;
  }

  .canvases {
    display: grid;
  }

  .sheet.gliding {
    transition: transform var(--quick) ease-out;
  }

  canvas {
    display: block;
    forced-color-adjust: none;
  }

  .base,
  .overlay {
    inline-size: 100%;
    block-size: auto;
  }

  .overlay {
    position: absolute;
    inset: 0;
    block-size: 100%;
    pointer-events: none;
  }

  .lens {
    position: absolute;
    inset-block-start: 50%;
    left: 50%;
    /* Not in the middle of what is left, as the grid would have it. */
    place-self: start;
    inline-size: 144px;
    block-size: 144px;
    border-radius: 50%;
    outline: 2px solid var(--film-accent);
    outline-offset: -2px;
    box-shadow: 0 0 0 1px var(--film);
    pointer-events: none;
  }

  .figures {
    position: absolute;
    inset-block-end: var(--space-2);
    inset-inline-start: var(--space-2);
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--space-3);
    padding: 0 var(--space-2);
    border-radius: var(--radius-small);
    background: var(--film);
    color: var(--film-text);
    pointer-events: none;
  }

  @media (min-width: 56rem) {
    :host {
      /* The tools, their sliders and the actions at the foot stay in sight beside it. */
      --film-height: max(14rem, 100vh - 24rem);
    }
  }
`;
