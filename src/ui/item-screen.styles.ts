import { css } from 'lit';

export const itemScreenStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }

  /* What can be done lies at the thumb, however little there is above it. */
  .narrow {
    grid-template-rows: auto 1fr auto;
    align-items: start;
    inline-size: 100%;
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

  @media (min-width: 56rem) {
    .narrow {
      align-content: start;
      grid-template-rows: none;
    }
  }
`;
