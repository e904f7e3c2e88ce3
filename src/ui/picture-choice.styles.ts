import { css } from 'lit';

export const pictureChoiceStyles = css`
  .frames {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    gap: var(--space-2);
    align-items: end;
  }

  label {
    display: grid;
    gap: var(--space-1);
    font-size: var(--text-small);
  }

  select {
    inline-size: 100%;
    min-block-size: var(--touch);
    padding-inline: var(--space-2);
    border: 1px solid var(--edge);
    border-radius: var(--radius-small);
    background: var(--surface);
    color: var(--text);
    font: inherit;
  }

  .note {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2) var(--space-3);
    align-items: center;
    justify-content: space-between;
  }
`;
