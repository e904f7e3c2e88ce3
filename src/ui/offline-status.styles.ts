import { css } from 'lit';

export const offlineStatusStyles = css`
  .line {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2) var(--space-3);
  }

  .words {
    flex: 1 1 12rem;
    display: flex;
    gap: var(--space-2);
    align-items: flex-start;
  }

  .ready {
    color: var(--good);
  }

  .trouble {
    color: var(--danger);
  }

  progress {
    margin-block-start: var(--space-2);
  }

  .next {
    margin-block-start: var(--space-1);
  }
`;
