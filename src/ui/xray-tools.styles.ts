import { css } from 'lit';

export const xrayToolsStyles = css`
  .bar {
    display: grid;
    grid-template-columns: repeat(4, minmax(0, 1fr));
    gap: var(--space-1);
  }

  .bar > button {
    flex-direction: column;
    gap: 0;
    min-inline-size: 0;
    padding: var(--space-1) 0;
    border-radius: var(--radius-small);
    font-size: 0.75rem;
    overflow-wrap: anywhere;
  }

  .changed {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2) var(--space-3);
    align-items: center;
  }

  .changed > p {
    flex: 1 1 12rem;
  }

  .changed > button {
    flex: none;
  }

  .sliders {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: var(--space-4);
  }

  label {
    display: grid;
    gap: var(--space-1);
    font-size: var(--text-small);
  }

  /* One row where each word has room; on a middling screen the picture is beside the findings, and narrow. */
  @media (min-width: 38rem) and (max-width: 55.99rem), (min-width: 68rem) {
    .bar {
      grid-template-columns: repeat(8, minmax(0, 1fr));
      gap: 2px;
    }
  }

  @media (min-width: 56rem) {
    label {
      grid-template-columns: auto minmax(6rem, 1fr);
      gap: var(--space-3);
      align-items: center;
    }

    .sliders label {
      grid-template-columns: minmax(0, 1fr);
      gap: 0;
    }
  }
`;
