import { css } from 'lit';

export const resultViewStyles = css`
  .layout {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-4);
  }

  .picture,
  .words {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-3);
    align-content: start;
  }

  .whose {
    overflow: hidden;
    font-weight: 650;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .summary {
    font-size: var(--text-title);
    line-height: 1.25;
    letter-spacing: -0.01em;
  }

  .synthetic {
    border-style: dashed;
    border-color: var(--accent);
    background: var(--accent-soft);
  }

  .actions {
    position: sticky;
    inset-block-end: 0;
    z-index: 1;
    display: grid;
    grid-template-columns: 1.4fr 1fr 1fr;
    gap: var(--space-2);
    margin-inline: calc(-1 * var(--space-4));
    padding: var(--space-2) var(--space-4) max(var(--space-2), env(safe-area-inset-bottom));
    border-block-start: 1px solid var(--line);
    background: var(--ground);
  }

  .actions > button {
    padding-inline: var(--space-2);
  }

  @media (max-width: 30rem) {
    .actions > button {
      flex-direction: column;
      gap: 0;
      min-block-size: 3.75rem;
      font-size: var(--text-small);
    }
  }

  @media (max-height: 26rem), (max-width: 19rem) {
    .actions {
      position: static;
      grid-template-columns: minmax(0, 1fr);
    }
  }

  @media (min-width: 56rem) {
    .layout {
      grid-template-columns: minmax(0, 6fr) minmax(22rem, 5fr);
      gap: var(--space-5);
    }

    .picture {
      position: sticky;
      inset-block-start: calc(var(--space-7) + var(--space-2));
      /* Between the bars that stay; the tools below the picture are scrolled to. */
      max-block-size: calc(100dvh - var(--space-7) - 9rem);
      padding: var(--focus-offset);
      overflow-y: auto;
    }

    .actions {
      margin: 0;
      padding-inline: 0;
    }
  }

  @media print {
    .screen {
      display: none;
    }
  }
`;
