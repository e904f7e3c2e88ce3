import { css } from 'lit';

export const boxLayerStyles = css`
  :host {
    position: absolute;
    inset: 0;
    pointer-events: none;
  }

  .box {
    position: absolute;
    box-sizing: border-box;
    min-block-size: 0;
    padding: 0;
    border: 2px dashed var(--film-accent);
    border-radius: 0;
    background: rgb(0 0 0 / 25%);
    forced-color-adjust: none;
  }

  button.box {
    border-style: solid;
    background: rgb(0 0 0 / 80%);
    pointer-events: auto;
    touch-action: none;
    cursor: move;
  }

  button.box:focus-visible {
    outline: 3px solid var(--film-accent);
    outline-offset: 2px;
  }

  /* The sign is small, what a finger meets is not. */
  .handle {
    position: absolute;
    inline-size: 24px;
    block-size: 24px;
  }

  .handle::after {
    content: '';
    position: absolute;
    inset: 6px;
    border: 1px solid var(--film);
    background: var(--film-accent);
  }

  .upper-left {
    left: -13px;
    top: -13px;
    cursor: nwse-resize;
  }

  .upper-right {
    right: -13px;
    top: -13px;
    cursor: nesw-resize;
  }

  .lower-left {
    left: -13px;
    bottom: -13px;
    cursor: nesw-resize;
  }

  .lower-right {
    right: -13px;
    bottom: -13px;
    cursor: nwse-resize;
  }
`;
