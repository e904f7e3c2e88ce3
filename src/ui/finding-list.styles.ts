import { css } from 'lit';

export const findingListStyles = css`
  ul {
    display: grid;
    gap: var(--space-2);
    padding: 0;
    list-style: none;
  }

  li {
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
    overflow: clip;
  }

  li.pressed {
    border-color: var(--accent);
    box-shadow: inset 4px 0 0 var(--accent);
  }

  button {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: var(--space-1) var(--space-3);
    inline-size: 100%;
    padding: var(--space-3) var(--space-4);
    border: 0;
    border-radius: 0;
    background: transparent;
    font-weight: 400;
    text-align: start;
  }

  button:focus-visible {
    outline-offset: calc(-1 * var(--focus-width));
    border-radius: var(--radius);
  }

  .ratio {
    grid-column: 1 / -1;
    font-size: var(--text-small);
  }

  .name {
    font-weight: 650;
    font-size: var(--text-large);
  }

  .score {
    font-weight: 650;
    text-align: end;
    align-self: baseline;
  }

  .band {
    grid-column: 1 / -1;
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: var(--space-1) var(--space-3);
    font-size: var(--text-small);
    color: var(--text-quiet);
  }

  .band-words {
    display: inline-flex;
    align-items: center;
    gap: var(--space-2);
    font-weight: 600;
  }

  .weak-words {
    grid-column: 1 / -1;
    display: inline-flex;
    align-items: center;
    gap: var(--space-2);
    font-size: var(--text-small);
    color: var(--text-quiet);
  }

  .weak .score,
  .weak .name {
    color: var(--text-quiet);
    font-weight: 500;
  }

  .above .band-words {
    color: var(--band-above);
  }

  .unsure .band-words {
    color: var(--band-unsure);
  }

  .below .band-words {
    color: var(--band-below);
  }

  .bar {
    grid-column: 1 / -1;
    display: block;
    inline-size: 100%;
    block-size: 20px;
  }

  .track {
    fill: var(--surface-raised);
    stroke: var(--edge);
    stroke-width: 0.5;
  }

  .zone {
    fill: var(--band-unsure);
    fill-opacity: 0.25;
    stroke: var(--band-unsure);
    stroke-width: 1;
    stroke-dasharray: 3 2;
  }

  .threshold {
    stroke: var(--text);
    stroke-width: 2;
  }

  .mark {
    stroke: var(--surface);
    stroke-width: 1.5;
  }

  .bar.above .mark {
    fill: var(--band-above);
  }

  .bar.unsure .mark {
    fill: var(--band-unsure);
  }

  .bar.below .mark {
    fill: var(--surface);
    stroke: var(--band-below);
  }

  .more {
    display: flow-root;
    padding: 0 var(--space-4) var(--space-4);
    font-size: var(--text-small);
  }

  .more > p + p {
    margin-block-start: var(--space-2);
  }

  map-thumbnail {
    float: inline-end;
    margin-inline-start: var(--space-3);
  }

  /* From here on the picture itself stays beside the findings. */
  @media (min-width: 56rem) {
    map-thumbnail {
      display: none;
    }
  }

  @media (forced-colors: active) {
    li.pressed {
      border: 3px solid Highlight;
    }

    .bar {
      forced-color-adjust: none;
      --text: CanvasText;
      --surface: Canvas;
      --surface-raised: Canvas;
      --edge: CanvasText;
      --band-above: CanvasText;
      --band-unsure: CanvasText;
      --band-below: CanvasText;
    }
  }
`;
