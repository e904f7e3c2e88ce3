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

  .citations a,
  .links a {
    display: inline-block;
    padding-block: var(--space-1);
    overflow-wrap: anywhere;
  }

  summary {
    min-block-size: var(--touch);
    display: flex;
    align-items: center;
    gap: var(--space-2);
    font-weight: 600;
    cursor: pointer;
    color: var(--accent);
  }

  summary::before {
    content: '▸';
  }

  details[open] > summary::before {
    content: '▾';
  }

  dl {
    display: grid;
    grid-template-columns: minmax(6rem, auto) minmax(0, 1fr);
    gap: var(--space-1) var(--space-4);
  }

  dt {
    color: var(--text-quiet);
  }
`;
