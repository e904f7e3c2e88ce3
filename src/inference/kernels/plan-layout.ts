import { panelColumns, roundUp, type WinogradSide } from './pack-filter.ts';
import type { GraphPlan } from './plan-graph.ts';
import type { PlannedSpreadDepthwise } from './planned-gradients.ts';
import {
  noBorder,
  type Border,
  type MapShape,
  type PlannedConcat,
  type PlannedConvolution,
  type PlannedOperation,
} from './planned-operation.ts';

/** Room for one map and for everything that is a part of it: what is concatenated is made in place. */
export interface MapBuffer {
  readonly shape: MapShape;
  /** From one pixel to the next, in numbers. */
  readonly pixelStride: number;
  /** Zeros around the map: as many as the greediest reader wants. */
  border: Border;
  /** Indices of the operations that first write and last read it. */
  firstWrite: number;
  lastRead: number;
}

/** A map as a part of a buffer. */
export interface MapView {
  readonly buffer: MapBuffer;
  readonly shape: MapShape;
  /** Its top left pixel, counted from the buffer's; negative where the map begins in the border. */
  readonly y: number;
  readonly x: number;
  /** Its first channel. */
  readonly channel: number;
}

/** A map that lies in another one. */
export interface MapPart {
  readonly whole: string;
  /** Of the whole: its top left pixel and first channel. */
  readonly y: number;
  readonly x: number;
  readonly channel: number;
}

export interface Layout {
  readonly operations: readonly PlannedOperation[];
  /** By name; what is not here is a tensor of tfjs. */
  readonly views: ReadonlyMap<string, MapView>;
  readonly buffers: readonly MapBuffer[];
}

/**
 * Says where each map of a plan lies: inputs of a concatenation inside its result, padded maps inside a border, and how
 * long each buffer is in use.
 *
 * @param plan `parts`: maps that lie in others, besides those that its concatenations and pads say
 * @param inputs names of the maps that are written before the first operation
 * @param outputs names of the maps that are read after the last one
 */
export function planLayout(
  plan: GraphPlan & { readonly parts?: ReadonlyMap<string, MapPart> },
  inputs: readonly string[],
  outputs: readonly string[],
): Layout {
  const homes = findHomes(plan);
  const operations = plan.operations.map((operation): PlannedOperation => {
    if (operation.kind !== 'concat' || homes.joined.has(operation)) return operation;
    const { output, node } = operation;
    return { kind: 'stock', output, node, inputs: node.inputs };
  });
  const views = new Map<string, MapView>();
  const buffers: MapBuffer[] = [];
  const pads = new Map(operations.flatMap((one) => (one.kind === 'pad' ? [[one.output, one] as const] : [])));

  /** Parents first: the whole before its parts, the padded before the pad. */
  function viewOf(name: string): MapView | undefined {
    const known = views.get(name);
    const shape = plan.shapes.get(name);
    if (known !== undefined || shape === undefined) return known;
    const view = viewInParent(name, shape) ?? viewOfNewBuffer(name, shape);
    views.set(name, view);
    return view;
  }

  function viewInParent(name: string, shape: MapShape): MapView | undefined {
    const pad = pads.get(name);
    if (pad !== undefined) {
      const padded = viewOf(pad.inputs[0]);
      return padded && { ...padded, shape, y: padded.y - pad.padding.top, x: padded.x - pad.padding.left };
    }
    const part = plan.parts?.get(name);
    const inside = part && viewOf(part.whole);
    if (part !== undefined && inside !== undefined) {
      const { y, x, channel } = inside;
      return { ...inside, shape, y: y + part.y, x: x + part.x, channel: channel + part.channel };
    }
    const home = homes.parents.get(name);
    const whole = home && viewOf(home.whole);
    return whole && { ...whole, shape, channel: whole.channel + home.channel };
  }

  function viewOfNewBuffer(name: string, shape: MapShape): MapView {
    // The product writes whole panels of channels. A picture of one channel stays as it is: its rows are runs of
    // contiguous numbers.
    const pixelStride = inputs.includes(name) ? shape.channels : roundUp(shape.channels, panelColumns);
    const buffer: MapBuffer = { shape, pixelStride, border: noBorder, firstWrite: Infinity, lastRead: -1 };
    buffers.push(buffer);
    return { buffer, shape, y: 0, x: 0, channel: 0 };
  }

  // What only tfjs makes and reads stays with it.
  for (const operation of operations) if (operation.kind !== 'stock') namesOf(operation).forEach(viewOf);
  plan.parts?.forEach((_, name) => viewOf(name));
  const touch = (name: string, index: number): void => {
    const buffer = views.get(name)?.buffer;
    if (buffer === undefined) return;
    buffer.firstWrite = Math.min(buffer.firstWrite, index);
    buffer.lastRead = Math.max(buffer.lastRead, index);
  };
  inputs.forEach((name) => touch(name, -1));
  operations.forEach((operation, index) => namesOf(operation).forEach((name) => touch(name, index)));
  outputs.forEach((name) => touch(name, operations.length));
  for (const operation of operations) demandBorders(operation, views);
  return { operations, views, buffers };
}

function namesOf({ output, inputs }: PlannedOperation): readonly string[] {
  return [output, ...inputs];
}

interface Homes {
  /** By the name of a part. */
  readonly parents: ReadonlyMap<string, { readonly whole: string; readonly channel: number }>;
  /** Concatenations that need no work. */
  readonly joined: ReadonlySet<PlannedConcat>;
}

/**
 * Which maps are made inside which concatenation. The last concatenation of a growing chain is looked at first: all the
 * others are then parts of it. One that cannot take in all of its inputs is left to tfjs.
 */
function findHomes({ operations, shapes }: GraphPlan): Homes {
  const parents = new Map<string, { whole: string; channel: number }>();
  const joined = new Set<PlannedConcat>();
  const makers = new Map(operations.map((operation) => [operation.output, operation]));

  const canMove = (name: string, channel: number): boolean => {
    const maker = makers.get(name);
    const channels = shapes.get(name)?.channels ?? 0;
    const isAligned = channel % panelColumns === 0 && channels % panelColumns === 0;
    // A pad is a part of something else already, and the network's input keeps its own shape.
    return isAligned && maker !== undefined && maker.kind !== 'pad' && !parents.has(name);
  };

  for (const operation of [...operations].reverse()) {
    if (operation.kind !== 'concat') continue;
    let channel = 0;
    const moves = operation.inputs.map((name) => {
      const move = { name, channel };
      channel += shapes.get(name)?.channels ?? 0;
      return move;
    });
    const isRepeated = new Set(operation.inputs).size < operation.inputs.length;
    if (isRepeated || !moves.every((move) => canMove(move.name, move.channel))) continue;
    for (const move of moves) parents.set(move.name, { whole: operation.output, channel: move.channel });
    joined.add(operation);
  }
  return { parents, joined };
}

function demandBorders(operation: PlannedOperation, views: ReadonlyMap<string, MapView>): void {
  const demand = (name: string, padding: Border): void => {
    const view = views.get(name);
    if (view === undefined) return;
    const { buffer, shape, y, x } = view;
    buffer.border = {
      top: Math.max(buffer.border.top, padding.top - y),
      left: Math.max(buffer.border.left, padding.left - x),
      bottom: Math.max(buffer.border.bottom, padding.bottom + y + shape.height - buffer.shape.height),
      right: Math.max(buffer.border.right, padding.right + x + shape.width - buffer.shape.width),
    };
  };
  switch (operation.kind) {
    case 'convolution': {
      const [input, residual] = operation.inputs;
      const side = winogradSide(operation, views);
      demand(input, side === undefined ? operation.padding : winogradBorder(views.get(input)!.shape, side));
      if (residual !== undefined) demand(residual, noBorder);
      break;
    }
    case 'depthwise':
      demand(operation.inputs[0], operation.padding);
      break;
    case 'spread-depthwise':
      demand(operation.inputs[0], borderOfSpread(operation, views));
      break;
    default:
      // The output too: a padded map needs its border, whoever reads it.
      for (const name of namesOf(operation)) demand(name, noBorder);
  }
}

/** Windows of stride 2 that begin before the map or end after it hold its first and last pixels too. */
function borderOfSpread(
  { inputs, output, padding }: PlannedSpreadDepthwise,
  views: ReadonlyMap<string, MapView>,
): Border {
  const stride = 2;
  const { height, width } = views.get(inputs[0])!.shape;
  const into = views.get(output)!.shape;
  const after = (length: number, before: number, windows: number): number =>
    Math.max(0, Math.floor((length - 1 + before) / stride) + 1 - windows);
  return {
    top: 1,
    left: 1,
    bottom: after(into.height, padding.top, height),
    right: after(into.width, padding.left, width),
  };
}

/** The last tiles reach beyond a map whose size is no multiple of theirs. */
function winogradBorder({ height, width }: MapShape, side: WinogradSide): Border {
  return { top: 1, left: 1, bottom: 1 + roundUp(height, side) - height, right: 1 + roundUp(width, side) - width };
}

/** Smallest sides of maps for tiles of 4×4 and of 2×2 outputs: below, unfinished tiles and larger filters eat the gain. */
const minSideForFour = 20;
const minSideForTwo = 10;
/** Measured from 16 up: there it takes 0.45 of the direct way's time (docs/decisions/0017-own-kernels.md). */
const minWinogradDepth = 16;
export const minWinogradColumns = 16;
const filterSide = 3;
const laneCount = 4;

/**
 * By which of Winograd's algorithms a convolution is done: one of 3×3, stride 1, padded all around, and large enough.
 * @returns `undefined`: directly
 */
export function winogradSide(
  { filter, strides, padding, inputs }: PlannedConvolution,
  views: ReadonlyMap<string, Pick<MapView, 'shape'>>,
): WinogradSide | undefined {
  const shape = views.get(inputs[0])?.shape;
  const isKnown =
    inputs.length === 1 &&
    filter.height === filterSide &&
    filter.width === filterSide &&
    strides.y === 1 &&
    strides.x === 1 &&
    [padding.top, padding.left, padding.bottom, padding.right].every((pixels) => pixels === 1);
  const isWorthIt =
    filter.depth >= minWinogradDepth && filter.depth % laneCount === 0 && filter.columns >= minWinogradColumns;
  if (shape === undefined || !isKnown || !isWorthIt) return undefined;
  const smallest = Math.min(shape.height, shape.width);
  if (smallest >= minSideForFour) return 4;
  return smallest >= minSideForTwo ? 2 : undefined;
}
