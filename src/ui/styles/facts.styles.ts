import { css } from 'lit';

/** Facts about models: what opens on demand, pairs of word and value, links that a thumb can hit. */
export const factsStyles = css`
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
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-1) var(--space-4);
  }

  dd {
    overflow-wrap: anywhere;
    padding-block-end: var(--space-2);
  }

  dt {
    color: var(--text-quiet);
  }

  .figures span {
    white-space: nowrap;
  }

  .what {
    font-weight: 400;
    color: var(--text-quiet);
  }

  .figure-sources {
    padding-inline-start: var(--space-5);
    margin-block-start: var(--space-2);
  }

  sup {
    line-height: 1;
    margin-inline-start: 0.2em;
  }

  @media (min-width: 40rem) {
    dl {
      grid-template-columns: minmax(6rem, max-content) minmax(0, 1fr);
    }

    dd {
      padding-block-end: 0;
    }
  }
`;
