/** Geometry of the way back through windows that slide: which convolution of the gradient it is. */

import { tapsOfPhase } from './transpose-filter.ts';
import type { Border, Clamp, MapShape, Strides } from './planned-operation.ts';
import type { Gate } from './planned-gradients.ts';

type Size = Pick<MapShape, 'height' | 'width'>;

interface Axis {
  readonly length: number;
  readonly before: number;
  readonly after: number;
}

interface Sliding {
  readonly taps: number;
  readonly stride: number;
  readonly before: number;
  /** Strides in one place. */
  readonly together: number;
}

/**
 * Along one axis: how many places of the gradient's convolution there are, and how many zeros around. A place is a pixel of
 * the input, or, in phases, all the pixels of one or more strides, counted from where the padding begins.
 */
function alongAxis(inPhases: boolean, input: number, output: number, sliding: Sliding): Axis {
  const { taps, stride, before, together } = sliding;
  const reach = tapsOfPhase(taps, stride) - 1;
  const length = inPhases ? Math.ceil((input + before) / (stride * together)) : input;
  const zeros = reach - (inPhases ? 0 : before);
  return { length, before: zeros, after: length * together - output - zeros + reach };
}

/**
 * @param input what the forward windows slide over, `output` what they make
 * @param padding of the forward pass
 * @param together strides along a row that make one place: 1 without phases
 * @returns size and padding of the convolution that makes the input's gradient, or, of a stride, its phases;
 *   `undefined` where there is none
 */
export function slideBack(
  input: Size,
  output: Size,
  window: Size,
  strides: Strides,
  padding: Border,
  together: number,
): { readonly size: Size; readonly padding: Border } | undefined {
  const inPhases = strides.y * strides.x > 1;
  const { height, width } = window;
  const vertical = { taps: height, stride: strides.y, before: padding.top, together: 1 };
  const horizontal = { taps: width, stride: strides.x, before: padding.left, together };
  const rows = alongAxis(inPhases, input.height, output.height, vertical);
  const columns = alongAxis(inPhases, input.width, output.width, horizontal);
  if (Math.min(rows.before, rows.after, columns.before, columns.after) < 0) return undefined;
  return {
    size: { height: rows.length, width: columns.length },
    padding: { top: rows.before, bottom: rows.after, left: columns.before, right: columns.after },
  };
}

/** What passes an activation, known by what came out of it; `undefined`: everything. */
export function gateOf(map: string, clamp: Clamp): Gate | undefined {
  return clamp.floor === -Infinity && clamp.ceiling === Infinity ? undefined : { map, clamp };
}
