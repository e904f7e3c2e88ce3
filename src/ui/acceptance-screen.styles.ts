import { css } from 'lit';

export const acceptanceScreenStyles = css`
  :host {
    max-inline-size: var(--measure);
    margin-inline: auto;
  }

  .film {
    display: grid;
    gap: var(--space-3);
    justify-items: center;
    padding: var(--space-5) var(--space-4);
    border: 1px solid var(--film-line);
    border-radius: var(--radius);
    background: radial-gradient(120% 90% at 50% 0%, rgb(143 214 230 / 13%), transparent 70%), var(--film);
    color: var(--film-text);
    text-align: center;
  }

  .film svg {
    color: var(--film-accent);
  }

  ul {
    display: grid;
    gap: var(--space-3);
    padding-inline-start: var(--space-5);
  }

  .actions {
    position: sticky;
    inset-block-end: 0;
    display: grid;
    gap: var(--space-2);
    margin-inline: calc(-1 * var(--space-4));
    padding: var(--space-3) var(--space-4) max(var(--space-3), env(safe-area-inset-bottom));
    background: var(--ground);
    border-block-start: 1px solid var(--line);
  }

  .actions button {
    min-block-size: 3.5rem;
    font-size: var(--text-large);
  }

  @media (max-height: 26rem) {
    .actions {
      position: static;
    }
  }

  @media (min-width: 56rem) {
    .actions {
      position: static;
      margin: 0;
      padding: 0;
      border: 0;
    }
  }
`;
