import { css } from 'lit';

/** Tables of figures: narrow screens scroll the table, never the page. */
export const tableStyles = css`
  .table-scroll {
    overflow-x: auto;
    max-inline-size: 100%;
  }

  table {
    border-collapse: collapse;
    inline-size: 100%;
    font-size: var(--text-small);
    font-variant-numeric: tabular-nums;
  }

  caption {
    text-align: start;
    padding-block-end: var(--space-2);
    color: var(--text-quiet);
  }

  th,
  td {
    padding: var(--space-2) var(--space-3) var(--space-2) 0;
    text-align: start;
    vertical-align: top;
    border-block-end: 1px solid var(--line);
  }

  th:last-child,
  td:last-child {
    padding-inline-end: 0;
  }

  th {
    font-weight: 600;
  }

  td.address {
    overflow-wrap: anywhere;
  }
`;
