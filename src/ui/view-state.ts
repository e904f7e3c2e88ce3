/** How a picture is being looked at. Nothing here reaches the network: the scores are of the picture as it was read. */

import { isWholeWindow, wholeWindow, type GreyWindow } from './grey-window.ts';
import { fittedView, type ViewTransform } from './view-transform.ts';

/** What a finger on the picture does: move it, change brightness and contrast, or carry the magnifier. */
export type ViewMode = 'move' | 'window' | 'loupe';

export interface ViewState {
  readonly mode: ViewMode;
  readonly transform: ViewTransform;
  readonly greyWindow: GreyWindow;
  readonly inverted: boolean;
  readonly mapHidden: boolean;
  /** 0..1. */
  readonly mapOpacity: number;
}

/** Strong enough to be seen at once, weak enough that the picture below is too. */
const firstOpacity = 0.6;

export const firstView: ViewState = {
  mode: 'move',
  transform: fittedView,
  greyWindow: wholeWindow,
  inverted: false,
  mapHidden: false,
  mapOpacity: firstOpacity,
};

/** True where the greys on the screen are not those of the picture. */
export function greysAreChanged({ greyWindow, inverted }: Pick<ViewState, 'greyWindow' | 'inverted'>): boolean {
  return inverted || !isWholeWindow(greyWindow);
}

export type PanAct = 'pan-left' | 'pan-right' | 'pan-up' | 'pan-down';
/** Acts that need to know how large the picture is drawn. */
export type PlaceAct = 'zoom-in' | 'zoom-out' | 'fit' | 'actual-size' | PanAct;
export type ViewAct = PlaceAct | 'window' | 'loupe' | 'invert' | 'map' | 'move' | 'reset-greys';

/** The key of each act, as `KeyboardEvent.key`; lower case. */
export const actKeys: Readonly<Record<ViewAct, readonly string[]>> = {
  'zoom-in': ['+', '='],
  'zoom-out': ['-'],
  fit: ['0'],
  'actual-size': ['1'],
  window: ['c'],
  loupe: ['l'],
  invert: ['i'],
  map: ['m'],
  move: ['escape'],
  'reset-greys': ['r'],
  // The arrow keys mean something else in each mode: the picture itself listens to them.
  'pan-left': [],
  'pan-right': [],
  'pan-up': [],
  'pan-down': [],
};

export function actOfKey(key: string): ViewAct | undefined {
  const wanted = key.toLowerCase();
  return (Object.keys(actKeys) as ViewAct[]).find((act) => actKeys[act].includes(wanted));
}

/** What an act that needs no geometry makes of a view; modes and switches are undone by the same act. */
export function applyAct(view: ViewState, act: Exclude<ViewAct, PlaceAct>): ViewState {
  switch (act) {
    case 'window':
    case 'loupe':
      return { ...view, mode: view.mode === act ? 'move' : act };
    case 'move':
      return { ...view, mode: 'move' };
    case 'invert':
      return { ...view, inverted: !view.inverted };
    case 'map':
      return { ...view, mapHidden: !view.mapHidden };
    case 'reset-greys':
      return { ...view, greyWindow: wholeWindow, inverted: false };
  }
}

/** Bubbles from whatever changes the view; `detail` holds what is new. */
export type ViewChangeEvent = CustomEvent<Partial<ViewState>>;
export type ViewActEvent = CustomEvent<ViewAct>;
