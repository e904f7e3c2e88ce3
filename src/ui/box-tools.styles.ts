import { css } from 'lit';

export const boxToolsStyles = css`
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }
`;
