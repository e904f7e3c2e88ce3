import { css } from 'lit';

export const itemScreenStyles = css`
  .narrow {
    max-inline-size: var(--measure);
    margin-inline: auto;
  }

  h1 {
    overflow-wrap: anywhere;
  }

  .card {
    gap: var(--space-4);
    padding: var(--space-5) var(--space-4);
  }

  .actions {
    position: sticky;
    inset-block-end: 0;
    display: grid;
    gap: var(--space-2);
    margin-inline: calc(-1 * var(--space-4));
    padding: var(--space-3) var(--space-4) max(var(--space-3), env(safe-area-inset-bottom));
    background: var(--ground);
  }

  .actions > button {
    min-block-size: 3.5rem;
  }
`;
