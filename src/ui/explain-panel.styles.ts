import { css } from 'lit';

export const explainPanelStyles = css`
  button[data-layer]:only-child {
    inline-size: 100%;
  }

  .layers {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }

  .layers > button {
    padding-inline: var(--space-3);
    font-size: var(--text-small);
  }

  .layers > button[aria-pressed='true'] {
    font-weight: 650;
  }

  .working {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: var(--space-3);
    align-items: center;
  }

  .working progress {
    inline-size: 100%;
  }
`;
