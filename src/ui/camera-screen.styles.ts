import { css } from 'lit';

export const cameraScreenStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    gap: var(--space-4);
  }

  .stage {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    justify-items: center;
    align-content: center;
    gap: var(--space-3);
    min-block-size: 55vh;
    padding: var(--space-3);
    border-radius: var(--radius);
    background: var(--film);
    color: var(--film-text);
  }

  .picture {
    position: relative;
    max-inline-size: 100%;
  }

  video {
    display: block;
    max-inline-size: 100%;
    max-block-size: 60vh;
    border-radius: var(--radius-small);
  }

  .picture > svg {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    overflow: visible;
    pointer-events: none;
  }

  .picture > svg > * {
    fill: none;
    stroke-linecap: round;
    stroke-linejoin: round;
    vector-effect: non-scaling-stroke;
  }

  .under {
    stroke: var(--film);
    stroke-width: 6;
    stroke-opacity: 0.7;
  }

  .brackets {
    stroke: var(--film-text);
    stroke-width: 2;
  }

  .outline {
    stroke: var(--film-accent);
    stroke-width: 3;
    stroke-dasharray: 8 8;
  }

  .outline.good {
    stroke-width: 5;
    stroke-dasharray: none;
  }

  /* Two lines high, so that nothing jumps when the hint changes. */
  .hint {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: var(--space-3);
    min-block-size: 3.5rem;
    font-size: var(--text-large);
    font-weight: 650;
    line-height: 1.3;
    text-wrap: balance;
  }

  .hint.ready {
    color: var(--film-accent);
  }

  .ways {
    justify-content: center;
  }

  .controls {
    position: sticky;
    inset-block-end: 0;
    z-index: 1;
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto minmax(0, 1fr);
    align-items: center;
    gap: var(--space-2);
    margin-inline: calc(-1 * var(--space-4));
    padding: var(--space-2) var(--space-4) max(var(--space-2), env(safe-area-inset-bottom));
    border-block-start: 1px solid var(--line);
    background: var(--ground);
  }

  .controls > button:not(.shutter) {
    justify-self: center;
    padding-inline: var(--space-3);
  }

  .shutter {
    inline-size: 5rem;
    block-size: 5rem;
    padding: 0;
    border: 0;
    border-radius: 50%;
    background: transparent;
  }

  .shutter > svg {
    inline-size: 100%;
    block-size: 100%;
    fill: none;
    stroke-width: 5;
  }

  .rim {
    stroke: var(--edge);
  }

  .ring {
    stroke: var(--accent);
    transition: stroke-dashoffset var(--quick) linear;
  }

  .knob {
    fill: var(--accent);
  }

  .shutter:hover .knob {
    fill: var(--accent-strong);
  }

  .shutter:disabled .knob {
    fill: var(--surface-raised);
  }

  /* Zoomed far in, a sticky bar would cover what it belongs to. */
  @media (max-height: 26rem), (max-width: 17rem) {
    .controls {
      position: static;
      grid-template-columns: minmax(0, 1fr);
      justify-items: center;
    }
  }

  @media (forced-colors: active) {
    .outline,
    .brackets,
    .rim {
      stroke: CanvasText;
    }

    .ring,
    .outline.good {
      stroke: Highlight;
    }

    .knob {
      fill: ButtonText;
    }
  }
`;
