import { css } from 'lit';

export const unsupportedScreenStyles = css`
  :host {
    max-inline-size: var(--measure);
    margin-inline: auto;
  }

  .card {
    gap: var(--space-4);
    padding: var(--space-5);
  }

  .card > svg {
    color: var(--caution);
  }

  .address {
    padding: var(--space-3);
    border: 1px solid var(--edge);
    border-radius: var(--radius-small);
    background: var(--surface);
    overflow-wrap: anywhere;
    user-select: all;
  }
`;
