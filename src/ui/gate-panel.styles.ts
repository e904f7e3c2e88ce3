import { css } from 'lit';

export const gatePanelStyles = css`
  ul {
    display: grid;
    gap: var(--space-3);
    padding: 0;
    list-style: none;
  }

  .title-row > svg {
    color: var(--caution);
  }

  .danger .title-row > svg {
    color: var(--danger);
  }

  .pass {
    display: flex;
    gap: var(--space-2);
    color: var(--text-quiet);
  }

  .opinion span {
    display: inline-block;
    overflow-wrap: anywhere;
  }

  .pass + .card,
  .pass ~ .opinion {
    margin-block-start: var(--space-2);
  }
`;
