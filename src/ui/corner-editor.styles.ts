import { css } from 'lit';

export const cornerEditorStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-4);
  }

  /* Room around the picture, so that a corner on its edge can be taken hold of. */
  .stage {
    position: relative;
    display: grid;
    justify-items: center;
    padding: var(--space-5);
    border-radius: var(--radius);
    background: var(--film);
    color: var(--film-text);
    overflow: hidden;
  }

  .picture {
    position: relative;
    touch-action: none;
    user-select: none;
  }

  .picture > canvas {
    display: block;
    max-inline-size: 100%;
    max-block-size: 65vh;
  }

  .picture > svg {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    overflow: visible;
    pointer-events: none;
  }

  .recognised {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2) var(--space-4);
    font-weight: 600;
  }

  .recognised > .no-photo {
    padding-inline: 0;
    text-align: start;
  }

  .outline {
    fill: none;
    stroke: var(--film-accent);
    stroke-width: 2;
    vector-effect: non-scaling-stroke;
  }

  .outline.under {
    stroke: var(--film);
    stroke-width: 5;
  }

  .corner {
    position: absolute;
    inline-size: var(--touch);
    block-size: var(--touch);
    padding: 0;
    border: none;
    border-radius: 50%;
    background: transparent;
    transform: translate(-50%, -50%);
    cursor: grab;
    touch-action: none;
  }

  .corner::after {
    content: '';
    inline-size: 1.125rem;
    block-size: 1.125rem;
    border: 3px solid var(--film-accent);
    border-radius: 50%;
    box-shadow:
      0 0 0 2px var(--film),
      inset 0 0 0 2px var(--film);
  }

  .corner[aria-pressed='true']::after {
    background: var(--film-accent);
  }

  .corner:focus-visible {
    outline-color: var(--film-accent);
    outline-offset: calc(-1 * var(--focus-width));
  }

  .loupe {
    position: absolute;
    inset-block-start: var(--space-2);
    inline-size: 144px;
    block-size: 144px;
    border: 2px solid var(--film-accent);
    border-radius: 50%;
    pointer-events: none;
  }

  .loupe.left {
    inset-inline-start: var(--space-2);
  }

  .loupe.right {
    inset-inline-end: var(--space-2);
  }

  .nudges {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    align-items: center;
  }

  .nudges > p {
    flex: 1 1 8rem;
  }

  /* The arrows stay together, whatever has no room beside them. */
  .arrows {
    display: flex;
    gap: var(--space-2);
  }

  fieldset {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2) var(--space-5);
    margin: 0;
    padding: 0;
    border: none;
  }

  legend {
    padding: 0;
    font-weight: 650;
  }

  fieldset label {
    display: inline-flex;
    gap: var(--space-2);
    align-items: center;
    min-block-size: var(--touch);
  }

  .guessed {
    flex-basis: 100%;
    margin: 0;
    color: var(--text-quiet);
  }

  /* At the thumb, whatever the picture's height. */
  .actions {
    position: sticky;
    inset-block-end: 0;
    display: grid;
    grid-template-columns: 2fr 1fr;
    gap: var(--space-2);
    padding-block: var(--space-3) max(var(--space-3), env(safe-area-inset-bottom));
    background: var(--ground);
  }
`;
