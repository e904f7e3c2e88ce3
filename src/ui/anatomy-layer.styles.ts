import { css } from 'lit';

export const anatomyLayerStyles = css`
  :host {
    position: absolute;
    inset: 0;
    /* Fingers reach the picture between the ends of the lines. */
    pointer-events: none;
    --stroke: calc(1.5px / var(--scale, 1));
  }

  svg {
    display: block;
    inline-size: 100%;
    block-size: 100%;
    forced-color-adjust: none;
    overflow: visible;
  }

  path {
    fill: none;
    stroke-width: var(--stroke);
    vector-effect: non-scaling-stroke;
    stroke-linejoin: round;
  }

  /* Told apart by more than the colour: the heart is dashed, and the lines carry ends. */
  .lung {
    stroke: #7fd4ff;
  }

  .heart {
    stroke: #ffc46b;
    stroke-dasharray: calc(5px / var(--scale, 1)) calc(3px / var(--scale, 1));
  }

  .line {
    stroke: #fff;
  }

  .end {
    position: absolute;
    inline-size: 28px;
    block-size: 28px;
    margin: -14px;
    border-radius: 50%;
    transform: scale(calc(1 / var(--scale, 1)));
    pointer-events: auto;
    touch-action: none;
    cursor: ew-resize;
  }

  .end::after {
    content: '';
    position: absolute;
    inset: 9px;
    border-radius: 50%;
    background: #fff;
    border: 1.5px solid #000;
  }

  .end:focus-visible {
    outline: 3px solid #fff;
    outline-offset: -3px;
    box-shadow: 0 0 0 2px #000;
  }
`;
