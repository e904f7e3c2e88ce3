import { css } from 'lit';

/** A group of tools beside or below the picture: its lines under each other, its sliders as wide as it is. */
export const toolPartStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-2);
  }

  input[type='range'] {
    inline-size: 100%;
    block-size: var(--touch);
    margin: 0;
    accent-color: var(--accent);
  }
`;
