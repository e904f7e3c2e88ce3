import { css } from 'lit';

export const copyDialogStyles = css`
  summary {
    min-block-size: var(--touch);
    align-content: center;
    cursor: pointer;
  }

  ul {
    margin: 0;
    padding-inline-start: var(--space-5);
    max-block-size: 12rem;
    overflow-y: auto;
  }
`;
