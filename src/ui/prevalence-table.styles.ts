import { css } from 'lit';

export const prevalenceTableStyles = css`
  .field {
    display: inline-flex;
    align-items: center;
    gap: var(--space-2);
  }

  input {
    inline-size: 6.5rem;
    min-block-size: var(--touch);
    padding: var(--space-2);
    border: 1px solid var(--edge);
    border-radius: var(--radius);
    background: var(--surface);
    text-align: end;
  }

  input[aria-invalid='true'] {
    border-color: var(--danger);
    border-width: 2px;
  }

  .wrong {
    color: var(--danger);
    font-weight: 600;
  }

  tr.stated th {
    box-shadow: inset 4px 0 0 var(--accent);
    padding-inline-start: var(--space-3);
  }
`;
