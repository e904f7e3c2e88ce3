import { css } from 'lit';

/** Buttons that are on, or whose part is open. */
export const chosenStyles = css`
  button[aria-pressed='true'],
  button[aria-expanded='true'] {
    border-color: var(--accent);
    background: var(--accent-soft);
    color: var(--accent);
  }
`;
