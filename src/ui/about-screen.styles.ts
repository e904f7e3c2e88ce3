import { css } from 'lit';

export const aboutScreenStyles = css`
  :host {
    max-inline-size: 56rem;
  }

  .sections {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-5);
  }

  .citations {
    display: grid;
    gap: var(--space-3);
    padding-inline-start: var(--space-5);
  }

  .citations a {
    display: inline-block;
    padding-block: var(--space-1);
    overflow-wrap: anywhere;
  }
`;
