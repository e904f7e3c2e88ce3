import { css } from 'lit';

export const xrayViewerStyles = css`
  .parts {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-3);
  }
`;
