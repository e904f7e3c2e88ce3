import { css } from 'lit';

export const xrayViewerStyles = css`
  :host {
    /* Under the bar that stays. */
    scroll-margin-block-start: calc(var(--space-7) + var(--space-4));
  }

  .parts,
  .tools {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-3);
  }

  .under {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }

  .under > ::slotted(*) {
    flex: 1 1 auto;
  }

  .tools:not(.open) {
    display: none;
  }

  @media (min-width: 56rem) {
    .tools:not(.open) {
      display: grid;
    }

    .drawer {
      display: none;
    }
  }
`;
