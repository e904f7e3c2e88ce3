import { css } from 'lit';

export const helpScreenStyles = css`
  nav ol {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    padding: 0;
    list-style: none;
  }

  nav button[aria-current='step'] {
    border-color: var(--accent);
    background: var(--accent-soft);
    color: var(--accent);
  }

  .page {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-4);
    max-inline-size: 56rem;
  }

  .page p {
    max-inline-size: var(--measure);
  }

  .drawing {
    inline-size: 100%;
    max-inline-size: 30rem;
    block-size: auto;
    border: 1px solid var(--film-line);
    border-radius: var(--radius);
    background: var(--film);
    color: var(--film-text);
    forced-color-adjust: none;
  }

  .steps {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: var(--space-2);
    max-inline-size: var(--measure);
  }

  @media (min-width: 56rem) {
    .page {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      gap: var(--space-5);
    }

    .page > h1,
    .page > .steps {
      grid-column: 1 / -1;
    }
  }

  @media print {
    nav,
    .steps {
      display: none;
    }
  }
`;
