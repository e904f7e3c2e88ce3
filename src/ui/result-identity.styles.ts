import { css } from 'lit';

export const resultIdentityStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-2);
  }

  label {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: var(--space-2);
    align-items: center;
    font-size: var(--text-small);
    color: var(--text-quiet);
  }

  input[type='text'] {
    inline-size: 100%;
    min-block-size: var(--touch);
    padding: var(--space-2) var(--space-3);
    border: 1px solid var(--edge);
    border-radius: var(--radius-small);
    background: var(--surface);
    color: var(--text);
    font-size: var(--text-large);
    font-weight: 650;
  }

  .row {
    gap: var(--space-1) var(--space-3);
    font-size: var(--text-small);
  }

  .kept {
    display: inline-flex;
    gap: var(--space-1);
    align-items: center;
    font-weight: 600;
  }

  .kept.no {
    color: var(--caution);
  }

  .kept.yes {
    color: var(--good);
  }
`;
