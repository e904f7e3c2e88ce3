import { css } from 'lit';

export const modelEntryStyles = css`
  .in-use {
    border-color: var(--good);
    box-shadow: inset 4px 0 0 var(--good);
  }

  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-1) var(--space-3);
  }

  h3 {
    font-size: var(--text-large);
    line-height: 1.3;
    overflow-wrap: anywhere;
  }

  h2:focus,
  h3:focus {
    outline: none;
  }

  .badge,
  .good {
    color: var(--good);
  }

  .badge {
    display: inline-flex;
    align-items: center;
    gap: var(--space-1);
    font-weight: 650;
  }

  .kind {
    margin-block-start: calc(-1 * var(--space-2));
    color: var(--text-quiet);
  }

  .origin {
    color: var(--text);
  }

  .origin > svg {
    color: var(--accent);
  }

  .origin .small {
    color: var(--text-quiet);
  }

  .origin.doubtful {
    padding: var(--space-3);
    border: 1px solid var(--caution);
    border-radius: var(--radius-small);
    background: var(--caution-soft);
  }

  .origin.doubtful > svg {
    color: var(--caution);
  }

  .origin.doubtful .small {
    color: var(--text);
  }

  .activity {
    display: grid;
    gap: var(--space-2);
    padding: var(--space-3);
    border-radius: var(--radius-small);
    background: var(--surface-raised);
  }

  .actions {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(7rem, 1fr));
    gap: var(--space-2);
  }

  .actions:empty {
    display: none;
  }

  .actions > button {
    padding-inline: var(--space-2);
  }

  .actions > .primary,
  .actions > .wide {
    grid-column: 1 / -1;
  }

  .changes ul {
    display: grid;
    gap: var(--space-1);
    padding: var(--space-1) 0 var(--space-2);
    padding-inline-start: var(--space-5);
  }

  .file-name {
    overflow-wrap: anywhere;
  }

  @media (min-width: 40rem) {
    .actions {
      display: flex;
      flex-wrap: wrap;
    }

    .actions > button {
      padding-inline: var(--space-4);
    }

    .changes table {
      inline-size: auto;
      min-inline-size: 60%;
    }
  }

  @media (forced-colors: active) {
    .in-use {
      border: 3px solid Highlight;
    }
  }
`;
