import { css } from 'lit';

export const modelsScreenStyles = css`
  :host {
    max-inline-size: 56rem;
  }

  .sections {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-5);
    padding-block-end: var(--space-5);
  }

  h2:focus {
    outline: none;
  }

  details > .stack {
    max-inline-size: var(--measure);
    padding-block-end: var(--space-2);
  }
`;
