import { css } from 'lit';

export const homeScreenStyles = css`
  :host {
    display: grid;
    gap: var(--space-4);
    grid-template-columns: minmax(0, 1fr);
  }

  .lightbox {
    display: grid;
    justify-items: center;
    align-content: center;
    gap: var(--space-3);
    min-block-size: clamp(13rem, 38vh, 24rem);
    padding: var(--space-5) var(--space-4);
    border: 1px solid var(--film-line);
    border-radius: var(--radius);
    background: radial-gradient(120% 90% at 50% 0%, rgb(143 214 230 / 13%), transparent 70%), var(--film);
    color: var(--film-text);
    text-align: center;
  }

  .lightbox.small {
    min-block-size: 0;
    padding-block: var(--space-4);
  }

  .lightbox svg {
    color: var(--film-accent);
  }

  .lightbox h1 {
    max-inline-size: 20ch;
    text-wrap: balance;
  }

  .lightbox p {
    max-inline-size: 36ch;
    color: var(--film-quiet);
    text-wrap: balance;
  }

  .side {
    align-content: start;
  }

  .actions {
    position: sticky;
    inset-block-end: 0;
    z-index: 1;
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: var(--space-2);
    margin-inline: calc(-1 * var(--space-4));
    padding: var(--space-3) var(--space-4) max(var(--space-3), env(safe-area-inset-bottom));
    border-block-start: 1px solid var(--line);
    background: var(--ground);
  }

  .actions > button {
    padding-inline: var(--space-2);
  }

  .actions > button:first-of-type {
    grid-column: 1 / -1;
    min-block-size: 3.5rem;
    font-size: var(--text-large);
  }

  .actions.photo-first > button.photo {
    grid-column: 1 / -1;
    grid-row: 1;
  }

  .wanted {
    outline: var(--focus-width) solid var(--accent);
    outline-offset: var(--focus-offset);
  }

  /* Zoomed far in, a sticky bar would cover what it belongs to. */
  @media (max-height: 26rem), (max-width: 17rem) {
    .actions {
      position: static;
      grid-template-columns: minmax(0, 1fr);
    }
  }

  @media (min-width: 56rem) {
    :host {
      grid-template-columns: minmax(0, 3fr) minmax(20rem, 2fr);
      grid-template-rows: auto 1fr;
      gap: var(--space-5);
    }

    .lightbox:not(.small) {
      min-block-size: min(60vh, 32rem);
    }

    .side {
      grid-row: 1 / span 2;
      grid-column: 2;
    }

    .actions {
      position: static;
      margin: 0;
      padding: 0;
      border: 0;
      align-self: start;
      grid-template-columns: 1fr auto auto;
    }

    .actions > button {
      padding-inline: var(--space-4);
    }

    .actions > button:first-of-type {
      grid-column: auto;
    }
  }

  @media (forced-colors: active) {
    .lightbox,
    .actions {
      border-color: CanvasText;
    }
  }
`;
