import { css } from 'lit';

export const installCardStyles = css`
  ol {
    display: grid;
    gap: var(--space-3);
    padding: 0;
    list-style: none;
    counter-reset: step;
  }

  li {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: var(--space-3);
    align-items: center;
  }

  .picture {
    color: var(--accent);
    background: var(--accent-soft);
    border-radius: var(--radius-small);
    inline-size: 5.5rem;
    block-size: 3.75rem;
  }
`;
