import { css } from 'lit';

/** What every component starts from: box model, focus, buttons, cards, text for ears only. */
export const sharedStyles = css`
  :host {
    display: block;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
  }

  h1 {
    font-size: var(--text-title);
    line-height: 1.2;
    font-weight: 650;
    letter-spacing: -0.01em;
  }

  h2 {
    font-size: var(--text-large);
    line-height: 1.3;
    font-weight: 650;
  }

  h3 {
    font-size: var(--text-body);
    font-weight: 650;
  }

  h1:focus {
    outline: none;
  }

  a {
    color: var(--accent);
    text-underline-offset: 0.2em;
  }

  svg {
    flex: none;
  }

  button,
  .button,
  input,
  summary {
    font: inherit;
    color: inherit;
    -webkit-tap-highlight-color: transparent;
    touch-action: manipulation;
  }

  :focus-visible {
    outline: var(--focus-width) solid var(--accent);
    outline-offset: var(--focus-offset);
  }

  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--space-2);
    min-block-size: var(--touch);
    min-inline-size: var(--touch);
    padding: var(--space-2) var(--space-4);
    border: 1px solid var(--edge);
    border-radius: var(--radius);
    background: var(--surface);
    font-weight: 600;
    line-height: 1.25;
    text-decoration: none;
    text-align: center;
    cursor: pointer;
    transition:
      background-color var(--quick),
      border-color var(--quick);
  }

  button:hover,
  .button:hover {
    background: var(--surface-raised);
  }

  button.primary,
  .button.primary {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--on-accent);
  }

  button.primary:hover,
  .button.primary:hover {
    background: var(--accent-strong);
    border-color: var(--accent-strong);
  }

  button.quiet {
    background: transparent;
    border-color: transparent;
    color: var(--accent);
  }

  button.quiet:hover {
    background: var(--accent-soft);
  }

  button.danger {
    border-color: var(--danger);
    color: var(--danger);
  }

  button:disabled {
    color: var(--text-quiet);
    border-style: dashed;
    cursor: default;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-3);
    align-items: center;
  }

  .stack {
    display: grid;
    gap: var(--space-4);
    grid-template-columns: minmax(0, 1fr);
  }

  .card {
    display: grid;
    gap: var(--space-3);
    grid-template-columns: minmax(0, 1fr);
    padding: var(--space-4);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
  }

  .card.caution {
    background: var(--caution-soft);
    border-color: var(--caution);
  }

  .card.danger {
    background: var(--danger-soft);
    border-color: var(--danger);
  }

  .title-row {
    display: flex;
    gap: var(--space-2);
    align-items: flex-start;
  }

  .title-row > svg {
    margin-block-start: 0.1em;
  }

  .quiet-text {
    color: var(--text-quiet);
  }

  .small {
    font-size: var(--text-small);
  }

  .numbers {
    font-variant-numeric: tabular-nums;
  }

  progress {
    inline-size: 100%;
    block-size: 0.5rem;
    accent-color: var(--accent);
  }

  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @media (forced-colors: active) {
    button.primary,
    .button.primary {
      border-width: 3px;
    }

    svg {
      forced-color-adjust: auto;
    }
  }
`;
