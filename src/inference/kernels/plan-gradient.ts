import { isNoBorder } from './plan-attributes.ts';
import { noClamp } from './planned-operation.ts';
import type {
  Clamp,
  MapShape,
  PlannedConvolution,
  PlannedDepthwise,
  PlannedOperation,
  PlannedPool,
} from './planned-operation.ts';
import type { Gate, PlannedSpread } from './planned-gradients.ts';
import type { GraphPlan } from './plan-graph.ts';
import type { Layout, MapPart } from './plan-layout.ts';
import { gateOf, slideBack } from './plan-way-back.ts';
import { flipDepthwise, transposeFilter, transposePointwise } from './transpose-filter.ts';

/** The forward operations, then the way back. */
export interface GradientPlan extends GraphPlan {
  readonly parts: ReadonlyMap<string, MapPart>;
  /** To be written before a run: the gradient of what is explained with respect to the output, such as a 1 at one finding. */
  readonly seed: string;
  /** What comes out: the gradient with respect to the input, a map of its shape. */
  readonly result: string;
}

const gradientOf = (name: string): string => `∂${name}`;
const onePixel = { height: 1, width: 1 };
const everyPixel = { y: 1, x: 1 };
const relu: Clamp = { floor: 0, ceiling: Infinity };
/** Channels of a panel: what is a part of a map must begin and end with one. */
const panelColumns = 8;
const depthwiseWindow = { height: 3, width: 3 };

/**
 * Plans the gradient of an output with respect to the input: reverse-mode differentiation of the planned operations
 * (Griewank & Walther, Evaluating Derivatives, §3.2). What the way back needs of the forward pass stays in memory because it
 * is read later. Gradients are added up in place: that of a concatenation is one map in which those of its inputs lie.
 *
 * @returns `undefined` where an operation lies in between that is not ours, or that nobody taught the way back
 */
export function planGradient(layout: Layout, input: string, output: string): GradientPlan | undefined {
  try {
    return new GradientPlanner(layout).plan(input, output);
  } catch (thrown) {
    if (thrown instanceof UnknownWayBack) return undefined;
    throw thrown;
  }
}

class UnknownWayBack extends Error {}

class GradientPlanner {
  readonly #forward: readonly PlannedOperation[];
  readonly #operations: PlannedOperation[] = [];
  readonly #shapes: Map<string, MapShape>;
  /** Shapes of what lies between two gradients. */
  readonly #own = new Map<string, MapShape>();
  readonly #parts = new Map<string, MapPart>();
  /** Maps, whole ones, of whose gradient something is there. */
  readonly #begun = new Set<string>();

  constructor({ operations, views }: Layout) {
    this.#forward = operations;
    this.#shapes = new Map([...views].map(([name, { shape }]) => [name, shape]));
    for (const operation of operations) this.#findParts(operation);
  }

  plan(input: string, output: string): GradientPlan {
    const shapes = new Map(this.#shapes);
    this.#begun.add(this.#rootOf(output));
    if (this.#parts.has(output)) throw new UnknownWayBack();
    for (const operation of [...this.#forward].reverse()) {
      if (this.#begun.has(this.#rootOf(operation.output))) this.#goBack(operation);
    }
    if (!this.#begun.has(this.#rootOf(input))) throw new UnknownWayBack();
    for (const [name, shape] of this.#shapes) shapes.set(gradientOf(name), shape);
    for (const [name, shape] of this.#own) shapes.set(name, shape);
    const parts = [...this.#parts].map(([name, part]) => {
      return [gradientOf(name), { ...part, whole: gradientOf(part.whole) }] as const;
    });
    return {
      operations: [...this.#forward, ...this.#operations],
      shapes,
      parts: new Map(parts),
      seed: gradientOf(output),
      result: gradientOf(input),
    };
  }

  #findParts(operation: PlannedOperation): void {
    if (operation.kind === 'pad') {
      const { padding, inputs, output } = operation;
      this.#addPart(inputs[0], { whole: output, y: padding.top, x: padding.left, channel: 0 });
    }
    if (operation.kind !== 'concat') return;
    let channel = 0;
    for (const name of operation.inputs) {
      const { channels } = this.#shapeOf(name);
      if (channel % panelColumns > 0 || channels % panelColumns > 0) throw new UnknownWayBack();
      this.#addPart(name, { whole: operation.output, y: 0, x: 0, channel });
      channel += channels;
    }
  }

  #addPart(name: string, part: MapPart): void {
    if (this.#parts.has(name)) throw new UnknownWayBack();
    this.#parts.set(name, part);
  }

  #goBack(operation: PlannedOperation): void {
    switch (operation.kind) {
      case 'convolution':
        return this.#throughConvolution(operation);
      case 'depthwise':
        return this.#throughDepthwise(operation);
      case 'average-pool':
        return this.#throughAverage(operation);
      case 'max-pool': {
        const { inputs, output, window, strides } = operation;
        const [input] = inputs;
        this.#beginWithZeros(input);
        const names = [gradientOf(output), input] as const;
        return this.#add({ kind: 'spread-max', output: gradientOf(input), inputs: names, window, strides });
      }
      case 'affine': {
        const { inputs, output, norm, clamp } = operation;
        return this.#throughPixels(output, inputs[0], norm.scale, gateOf(output, clamp));
      }
      case 'add':
        return operation.inputs.forEach((input) => this.#throughPixels(operation.output, input));
      case 'pad':
      case 'concat':
        return;
      default:
        throw new UnknownWayBack();
    }
  }

  #throughConvolution(operation: PlannedConvolution): void {
    const { inputs, output, filter, strides, padding, clamp, norm } = operation;
    const [input, residual] = inputs;
    const isPointwise = filter.height * filter.width * strides.y * strides.x === 1 && isNoBorder(padding);
    const inputGate = gateOf(output, clamp);
    if (isPointwise && (residual === undefined || inputGate === undefined)) {
      if (residual !== undefined) this.#throughPixels(output, residual);
      const accumulates = this.#begin(input);
      this.#add({
        kind: 'gated-product',
        output: gradientOf(input),
        inputs: [gradientOf(output), ...(inputGate ? [output] : []), ...(norm ? [input] : [])],
        filter: transposePointwise(filter, norm?.scale),
        ...(inputGate ? { inputGate } : {}),
        ...(norm ? { outputGate: { map: input, norm, clamp: relu } } : {}),
        accumulates,
      });
      return;
    }
    if (norm !== undefined) throw new UnknownWayBack();
    const gradient = this.#gated(output, inputGate);
    if (residual !== undefined) this.#throughPixels(output, residual, undefined, undefined, gradient);
    this.#throughWindows(operation, gradient);
  }

  /** A convolution whose windows overlap or leave pixels out, `gradient` already behind its activation. */
  #throughWindows({ inputs, output, filter, strides, padding }: PlannedConvolution, gradient: string): void {
    const [input] = inputs;
    const made = this.#shapeOf(output);
    const shape = this.#shapeOf(input);
    const phases = strides.y * strides.x;
    // A picture of one channel has few numbers in a place: as many strides together as a panel has room for.
    const together = phases === 1 ? 1 : Math.max(1, Math.floor(panelColumns / (phases * shape.channels)));
    const back = slideBack(shape, made, filter, strides, padding, together);
    if (back === undefined) throw new UnknownWayBack();
    const convolution = {
      kind: 'convolution',
      filter: transposeFilter(filter, strides, together),
      strides: { y: 1, x: together },
      padding: back.padding,
      clamp: noClamp,
    } as const;
    if (phases === 1) {
      const to = gradientOf(input);
      this.#add({ ...convolution, output: to, inputs: this.#begin(input) ? [gradient, to] : [gradient] });
      return;
    }
    const folded = this.#name(output, 'phases', { ...back.size, channels: phases * together * shape.channels });
    this.#add({ ...convolution, output: folded, inputs: [gradient] });
    const accumulates = this.#begin(input);
    const { top: above, left: before } = padding;
    const unfolding = { strides: { y: strides.y, x: strides.x * together }, top: above, left: before, accumulates };
    this.#add({ ...unfolding, kind: 'unfold', output: gradientOf(input), inputs: [folded] });
  }

  #throughDepthwise({ inputs, output, values, stride, padding, clamp }: PlannedDepthwise): void {
    const [input] = inputs;
    const gradient = this.#gated(output, gateOf(output, clamp));
    const shape = this.#shapeOf(input);
    const accumulates = this.#begin(input);
    // Depthwise kernels add nothing up: what is to be added is made apart.
    const to = accumulates ? this.#name(output, 'behind', shape) : gradientOf(input);
    if (stride === 1) {
      const back = slideBack(shape, this.#shapeOf(output), depthwiseWindow, everyPixel, padding, 1);
      if (back === undefined) throw new UnknownWayBack();
      const flipped = flipDepthwise(values);
      const rest = { stride: 1, padding: back.padding, clamp: noClamp };
      this.#add({ kind: 'depthwise', output: to, inputs: [gradient], values: flipped, ...rest });
    } else {
      this.#add({ kind: 'spread-depthwise', output: to, inputs: [gradient], values, padding });
    }
    if (accumulates) this.#addSpread(to, input, { accumulates });
  }

  #throughAverage({ inputs, output, window, strides, norm }: PlannedPool): void {
    const [input] = inputs;
    const share = 1 / (window.height * window.width);
    const { channels } = this.#shapeOf(input);
    const factor = Float32Array.from({ length: channels }, (_, channel) => share * (norm?.scale[channel] ?? 1));
    const gate = norm && { map: input, norm, clamp: relu };
    const accumulates = this.#begin(input);
    const sliding = { window, strides, factor, accumulates };
    this.#addSpread(gradientOf(output), input, gate === undefined ? sliding : { ...sliding, gate });
  }

  /** Through an operation that makes each number of one number. */
  #throughPixels(
    output: string,
    input: string,
    factor?: Float32Array,
    gate?: Gate,
    gradient: string = gradientOf(output),
  ): void {
    const accumulates = this.#begin(input);
    const rest = { accumulates, ...(factor === undefined ? {} : { factor }), ...(gate === undefined ? {} : { gate }) };
    this.#addSpread(gradient, input, rest);
  }

  #addSpread(gradient: string, input: string, given: Partial<PlannedSpread>, to: string = gradientOf(input)): void {
    const factor = new Float32Array(this.#shapeOf(input).channels).fill(1);
    const gates = given.gate === undefined ? [] : [given.gate.map];
    const pixels = { window: onePixel, strides: everyPixel, factor, accumulates: false };
    this.#add({ ...pixels, ...given, kind: 'spread', output: to, inputs: [gradient, ...gates] });
  }

  /**
   * The gradient of a map behind its activation, with room for zeros around: in the product that makes it, or in place, unless
   * it lies within that of a padded map, where others' gradients are around it.
   */
  #gated(name: string, gate: Gate | undefined): string {
    const isInside = this.#isPadded(name);
    if ((gate === undefined || this.#gateProduct(name, gate)) && !isInside) return gradientOf(name);
    const to = isInside ? this.#name(name, 'alone', this.#shapeOf(name)) : gradientOf(name);
    this.#addSpread(gradientOf(name), name, gate === undefined ? {} : { gate }, to);
    return to;
  }

  /** Lets the product that alone makes a gradient do the gate too, while its rows are in the first-level cache. */
  #gateProduct(name: string, gate: Gate): boolean {
    const makers = this.#operations.filter(({ output }) => output === gradientOf(name));
    const [product] = makers;
    if (product?.kind !== 'gated-product' || makers.length > 1) return false;
    if (product.accumulates || product.outputGate !== undefined) return false;
    const gated = { ...product, inputs: [...product.inputs, gate.map] as const, outputGate: gate };
    this.#operations[this.#operations.indexOf(product)] = gated;
    return true;
  }

  #isPadded(name: string): boolean {
    const part = this.#parts.get(name);
    if (part === undefined) return false;
    const whole = this.#shapeOf(part.whole);
    const { height, width } = this.#shapeOf(name);
    return whole.height !== height || whole.width !== width || this.#isPadded(part.whole);
  }

  /** Whether something is there already to add to; what comes is a part of a whole of which nothing is: zeros before. */
  #begin(name: string): boolean {
    const root = this.#rootOf(name);
    if (this.#begun.has(root)) return true;
    if (root !== name) this.#beginWithZeros(name);
    else this.#begun.add(root);
    return root !== name;
  }

  #beginWithZeros(name: string): void {
    const root = this.#rootOf(name);
    if (!this.#begun.has(root)) this.#add({ kind: 'zeros', output: gradientOf(root), inputs: [] });
    this.#begun.add(root);
  }

  #rootOf(name: string): string {
    const part = this.#parts.get(name);
    return part === undefined ? name : this.#rootOf(part.whole);
  }

  #name(of: string, what: string, shape: MapShape): string {
    const name = `${gradientOf(of)}/${what}`;
    this.#own.set(name, shape);
    return name;
  }

  #shapeOf(name: string): MapShape {
    const shape = this.#shapes.get(name);
    if (shape === undefined) throw new UnknownWayBack();
    return shape;
  }

  #add(operation: PlannedOperation): void {
    this.#operations.push(operation);
  }
}
