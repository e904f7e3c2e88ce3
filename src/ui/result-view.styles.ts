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

  .words {
    gap: var(--space-4);
  }

  .identity {
    display: grid;
    gap: var(--space-2);
  }

  .identity label {
    display: grid;
    gap: var(--space-1);
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

  .kept {
    display: inline-flex;
    gap: var(--space-2);
    align-items: center;
    font-weight: 600;
  }

  .kept.no {
    color: var(--caution);
  }

  .kept.yes {
    color: var(--good);
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
    padding: var(--space-3) var(--space-4) max(var(--space-3), env(safe-area-inset-bottom));
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
