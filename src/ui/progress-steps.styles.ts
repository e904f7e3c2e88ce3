import { css } from 'lit';

export const progressStepsStyles = css`
  ol {
    display: grid;
    gap: var(--space-3);
    padding: 0;
    list-style: none;
  }

  li {
    display: grid;
    grid-template-columns: 1.75rem minmax(0, 1fr);
    align-items: center;
    gap: var(--space-3);
    color: var(--text-quiet);
  }

  .sign {
    display: grid;
    place-items: center;
    inline-size: 1.75rem;
    block-size: 1.75rem;
    border: 2px solid var(--line);
    border-radius: 50%;
    font-size: var(--text-small);
    font-weight: 650;
  }

  .done .sign {
    border-color: var(--good);
    color: var(--good);
  }

  .now {
    color: var(--text);
    font-weight: 650;
  }

  .now .sign {
    border-color: var(--accent);
    color: var(--accent);
    animation: breathe 1.6s ease-in-out infinite alternate;
  }

  @keyframes breathe {
    to {
      background: var(--accent-soft);
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .now .sign {
      animation: none;
      background: var(--accent-soft);
    }
  }
`;
