import { css } from 'lit';

export const chesterAppStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-block-size: 100vh;
    min-block-size: 100dvh;
  }

  .skip {
    position: absolute;
    inset-block-start: var(--space-2);
    inset-inline-start: var(--space-2);
    z-index: 4;
    padding: var(--space-3) var(--space-4);
    background: var(--surface);
    border-radius: var(--radius-small);
  }

  .skip:not(:focus) {
    clip-path: inset(50%);
    block-size: 1px;
    inline-size: 1px;
    overflow: hidden;
    padding: 0;
  }

  header {
    display: flex;
    align-items: center;
    gap: var(--space-1);
    inline-size: 100%;
    max-inline-size: var(--column);
    margin-inline: auto;
    padding: var(--space-1) var(--space-2) var(--space-1) var(--space-4);
  }

  .brand {
    display: inline-flex;
    align-items: center;
    gap: var(--space-2);
    min-block-size: var(--touch);
    margin-inline-end: auto;
    color: var(--text);
    font-size: var(--text-large);
    font-weight: 700;
    letter-spacing: -0.01em;
    text-decoration: none;
  }

  .brand svg {
    color: var(--accent);
  }

  nav {
    display: flex;
    flex-wrap: wrap;
  }

  nav a,
  footer a {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    min-block-size: var(--touch);
    min-inline-size: var(--touch);
    padding-inline: var(--space-3);
    border-radius: var(--radius-small);
    font-weight: 600;
    text-decoration: none;
  }

  nav a[aria-current='page'] {
    text-decoration: underline;
    text-decoration-thickness: 2px;
  }

  nav a:hover,
  footer a:hover {
    background: var(--accent-soft);
  }

  header .wide {
    display: none;
  }

  header button {
    border-color: transparent;
    background: transparent;
    padding: 0;
  }

  .badge {
    position: sticky;
    inset-block-start: 0;
    z-index: 2;
    display: flex;
    justify-content: center;
    align-items: center;
    gap: var(--space-2);
    padding: var(--space-1) var(--space-4);
    border-block: 1px solid var(--caution);
    background: var(--caution-soft);
    color: var(--caution);
    font-size: var(--text-small);
    font-weight: 650;
  }

  main {
    flex: 1;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    inline-size: 100%;
    max-inline-size: var(--column);
    margin-inline: auto;
    padding: var(--space-4) var(--space-4) 0;
  }

  main:focus {
    outline: none;
  }

  main.fill {
    align-content: stretch;
  }

  .back {
    border-color: transparent;
    background: transparent;
    color: var(--accent);
    margin-inline: calc(-1 * var(--space-3)) auto;
    padding-inline: var(--space-2) var(--space-3);
  }

  footer {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    padding: var(--space-3) var(--space-4);
  }

  /* Four of them side by side on the smallest phone. */
  footer a {
    padding-inline: var(--space-2);
  }

  .drop {
    position: fixed;
    inset: 0;
    z-index: 3;
    display: grid;
    place-content: center;
    justify-items: center;
    gap: var(--space-3);
    padding: var(--space-5);
    border: 4px dashed var(--film-accent);
    background: rgb(7 9 11 / 88%);
    color: var(--film-text);
    font-size: var(--text-title);
    font-weight: 650;
    text-align: center;
    pointer-events: none;
  }

  .waiting {
    padding-block: var(--space-7);
    text-align: center;
  }

  @media (min-width: 40rem) {
    header .wide {
      display: inline-flex;
    }

    .back {
      margin-inline-end: 0;
    }

    footer {
      display: none;
    }
  }

  @media (min-width: 56rem) {
    main {
      padding-block: var(--space-5);
    }
  }

  /* Zoomed far in: what sticks would hide the rest. */
  @media (max-height: 20rem) {
    .badge {
      position: static;
    }
  }

  @media print {
    .skip,
    header,
    .badge,
    footer {
      display: none;
    }

    main {
      padding: 0;
    }
  }
`;
