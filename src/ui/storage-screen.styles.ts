import { css } from 'lit';

export const storageScreenStyles = css`
  :host {
    max-inline-size: 44rem;
  }

  .kept {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: var(--space-2) var(--space-4);
    align-items: center;
  }

  .kept button {
    grid-column: 1 / -1;
  }

  .size {
    font-weight: 650;
    text-align: end;
  }

  meter {
    inline-size: 100%;
    block-size: 0.75rem;
  }

  @media (min-width: 30rem) {
    .kept button {
      grid-column: auto;
    }

    .kept {
      grid-template-columns: minmax(0, 1fr) auto auto;
    }
  }
`;
