import { css } from 'lit';

export const confirmDialogStyles = css`
  dialog {
    inline-size: min(100% - 2 * var(--space-4), 28rem);
    max-block-size: calc(100dvh - 2 * var(--space-4));
    padding: var(--space-5);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--text);
    box-shadow: var(--shadow);
  }

  dialog::backdrop {
    background: rgb(4 8 10 / 60%);
  }

  .actions {
    display: grid;
    gap: var(--space-2);
    margin-block-start: var(--space-5);
  }

  h2:focus {
    outline: none;
  }
`;
