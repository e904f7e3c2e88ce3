import { css } from 'lit';

export const saveDialogStyles = css`
  .check {
    display: flex;
    gap: var(--space-3);
    align-items: center;
    min-block-size: var(--touch);
  }

  .check input {
    inline-size: 1.5rem;
    block-size: 1.5rem;
    accent-color: var(--accent);
  }
`;
