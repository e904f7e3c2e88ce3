import { css } from 'lit';

export const ratioToolsStyles = css`
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2) var(--space-3);
    align-items: center;
  }

  .row > p {
    flex: 1 1 10rem;
  }

  button {
    border-radius: var(--radius-small);
  }

  .step {
    min-inline-size: var(--touch);
  }

  select {
    min-block-size: var(--touch);
    font: inherit;
  }

  label {
    display: flex;
    gap: var(--space-2);
    align-items: center;
  }
`;
