/** Tasks of the way back, as ./bind-operations.ts writes those of the forward pass. */

import { addressBytes, tileRows } from './bind-operations.ts';
import type { BindGradients } from './kernel-program.ts';
import { depthwiseVectors, packDepthwise, panelColumns, roundUp } from './pack-filter.ts';
import type { MapView } from './plan-layout.ts';
import { floatBytes } from './plan-memory.ts';
import { noBorder } from './planned-operation.ts';
import type {
  Gate,
  PlannedGatedProduct,
  PlannedSpread,
  PlannedSpreadDepthwise,
  PlannedSpreadMax,
  PlannedUnfold,
  PlannedZeros,
} from './planned-gradients.ts';
import type { Step, TaskBinder } from './task-binder.ts';

type Views = ReadonlyMap<string, MapView>;

const laneCount = 4;

class GradientBinder {
  readonly #tasks: TaskBinder;

  constructor(tasks: TaskBinder) {
    this.#tasks = tasks;
  }

  gatedProduct(operation: PlannedGatedProduct, views: Views): Step {
    const tasks = this.#tasks;
    const { filter, inputGate, outputGate, accumulates } = operation;
    const input = views.get(operation.inputs[0])!;
    const output = views.get(operation.output)!;
    const columns = roundUp(filter.columns, panelColumns);
    const weights = tasks.constants.filter(filter, columns * filter.depth, (staged, to) =>
      tasks.kernels.pack.packPanels(staged, filter.depth, columns, to),
    );
    const zeros = tasks.constants.vector(undefined, columns);
    const inputOffsets = tasks.pixelOffsets(output, input, 1, 1);
    const outputOffsets = tasks.pixelOffsets(output, output, 1, 1);
    const before = inputGate && views.get(inputGate.map)!;
    const behind = this.#gate(outputGate, views, columns);
    const beforeOffsets = before && tasks.pixelOffsets(output, before, 1, 1);
    const behindOffsets = behind && tasks.pixelOffsets(output, behind.view, 1, 1);
    tasks.needScratch(addressBytes + tileRows * (roundUp(filter.depth, laneCount) + columns) * floatBytes);
    return tasks.step('gatedProduct', () => ({
      input: tasks.origin(input).address,
      inputOffsets: inputOffsets.address,
      output: tasks.origin(output).address,
      outputOffsets: outputOffsets.address,
      pixels: output.shape.height * output.shape.width,
      columns,
      weights: weights.address,
      depth: filter.depth,
      zeros: zeros.address,
      inputGate: before === undefined ? 0 : tasks.origin(before).address,
      inputGateOffsets: beforeOffsets?.address ?? 0,
      inputFloor: inputGate?.clamp.floor ?? 0,
      inputCeiling: inputGate?.clamp.ceiling ?? 0,
      outputGate: behind === undefined ? 0 : tasks.origin(behind.view).address,
      outputGateOffsets: behindOffsets?.address ?? 0,
      gateScale: behind?.scale.address ?? 0,
      gateShift: behind?.shift.address ?? 0,
      outputFloor: outputGate?.clamp.floor ?? 0,
      outputCeiling: outputGate?.clamp.ceiling ?? 0,
      accumulates: Number(accumulates),
      scratch: tasks.scratch.scratch,
    }));
  }

  spread(operation: PlannedSpread, views: Views): Step {
    const tasks = this.#tasks;
    const { window, strides, gate, accumulates } = operation;
    const input = views.get(operation.inputs[0])!;
    const output = views.get(operation.output)!;
    const { channels } = output.shape;
    const factor = tasks.constants.vector(operation.factor, channels);
    const gated = this.#gate(gate, views, channels);
    return tasks.step('spread', () => {
      const origin = gated && tasks.origin(gated.view);
      return {
        ...tasks.maps(input, output),
        channels: roundUp(channels, laneCount),
        inputHeight: input.shape.height,
        inputWidth: input.shape.width,
        windowHeight: window.height,
        windowWidth: window.width,
        strideY: strides.y,
        strideX: strides.x,
        factor: factor.address,
        gate: origin?.address ?? 0,
        gateRowBytes: origin?.rowBytes ?? 0,
        gatePixelBytes: origin?.pixelBytes ?? 0,
        gateScale: gated?.scale.address ?? 0,
        gateShift: gated?.shift.address ?? 0,
        floor: gate?.clamp.floor ?? 0,
        ceiling: gate?.clamp.ceiling ?? 0,
        accumulates: Number(accumulates),
      };
    });
  }

  spreadMax({ inputs, output: name, window, strides }: PlannedSpreadMax, views: Views): Step {
    const tasks = this.#tasks;
    const [gradient, forward] = inputs;
    const input = views.get(gradient)!;
    const values = views.get(forward)!;
    const output = views.get(name)!;
    return tasks.step('spreadMax', () => {
      const origin = tasks.origin(values);
      return {
        ...tasks.maps(input, output),
        height: input.shape.height,
        width: input.shape.width,
        channels: roundUp(output.shape.channels, laneCount),
        values: origin.address,
        valuesRowBytes: origin.rowBytes,
        valuesPixelBytes: origin.pixelBytes,
        windowHeight: window.height,
        windowWidth: window.width,
        strideY: strides.y,
        strideX: strides.x,
      };
    });
  }

  spreadDepthwise(operation: PlannedSpreadDepthwise, views: Views): Step {
    const tasks = this.#tasks;
    const input = views.get(operation.inputs[0])!;
    const output = views.get(operation.output)!;
    const { channels: count } = output.shape;
    const channels = roundUp(count, laneCount);
    const weights = tasks.block.reserveFloats(channels * depthwiseVectors, (to) =>
      packDepthwise(operation.values, undefined, count, to),
    );
    return tasks.step('spreadDepthwise', () => ({
      ...tasks.maps(input, output, noBorder),
      channels,
      top: operation.padding.top,
      left: operation.padding.left,
      weights: weights.address,
    }));
  }

  unfold({ inputs, output: name, strides, top, left, accumulates }: PlannedUnfold, views: Views): Step {
    const tasks = this.#tasks;
    const input = views.get(inputs[0])!;
    const output = views.get(name)!;
    return tasks.step('unfold', () => ({
      ...tasks.maps(input, output),
      channels: output.shape.channels,
      strideY: strides.y,
      strideX: strides.x,
      top,
      left,
      accumulates: Number(accumulates),
    }));
  }

  zeros({ output }: PlannedZeros, views: Views): Step {
    return this.#tasks.clearAll(views.get(output)!.buffer);
  }

  /** A gate without a norm is one of scales 1 and shifts 0. */
  #gate(gate: Gate | undefined, views: Views, channels: number) {
    if (gate === undefined) return undefined;
    const { constants } = this.#tasks;
    const scale = gate.norm?.scale ?? new Float32Array(channels).fill(1);
    return {
      view: views.get(gate.map)!,
      scale: constants.vector(scale, channels),
      shift: constants.vector(gate.norm?.shift, channels),
    };
  }
}

export const bindGradients: BindGradients = (tasks) => {
  const binder = new GradientBinder(tasks);
  return (operation, views) => {
    switch (operation.kind) {
      case 'gated-product':
        return binder.gatedProduct(operation, views);
      case 'spread':
        return binder.spread(operation, views);
      case 'spread-max':
        return binder.spreadMax(operation, views);
      case 'spread-depthwise':
        return binder.spreadDepthwise(operation, views);
      case 'unfold':
        return binder.unfold(operation, views);
      case 'zeros':
        return binder.zeros(operation, views);
    }
  };
};
