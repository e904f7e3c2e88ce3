/**
 * How the host tells a kernel what to do: a task in linear memory, every field four bytes. The same fields in the same
 * order as the classes of ./assembly, where each is explained.
 */

const mapFields = [
  'input',
  'inputRowBytes',
  'inputPixelBytes',
  'output',
  'outputRowBytes',
  'outputPixelBytes',
] as const;
const poolFields = [
  ...mapFields,
  ...(['height', 'width', 'channels', 'windowHeight', 'windowWidth', 'strideY', 'strideX'] as const),
  ...(['normScale', 'normShift'] as const),
] as const;

const taskFields = {
  convolve: [
    ...([
      'input',
      'inputOffsets',
      'output',
      'outputOffsets',
      'residual',
      'residualOffsets',
      'pixels',
      'columns',
    ] as const),
    ...(['weights', 'bias', 'segments', 'segmentOffsets', 'depth', 'normScale', 'normShift'] as const),
    ...(['floor', 'ceiling', 'scratch', 'scratchBytes'] as const),
  ],
  convolveWinograd: [
    ...mapFields,
    ...([
      'height',
      'width',
      'tileSide',
      'depth',
      'columns',
      'weights',
      'bias',
      'zeros',
      'floor',
      'ceiling',
      'groupTiles',
    ] as const),
    'scratch',
    'scratchBytes',
  ],
  depthwise: [...mapFields, ...(['height', 'width', 'channels', 'stride', 'weights', 'floor', 'ceiling'] as const)],
  maxPool: poolFields,
  averagePool: poolFields,
  affine: [...mapFields, ...(['height', 'width', 'channels', 'scale', 'shift', 'floor', 'ceiling'] as const)],
  add: [
    ...(['input', 'inputRowBytes', 'inputPixelBytes', 'other', 'otherRowBytes', 'otherPixelBytes'] as const),
    ...(['output', 'outputRowBytes', 'outputPixelBytes', 'height', 'width', 'channels'] as const),
  ],
  resize: [
    ...mapFields,
    ...(['height', 'width', 'channels', 'rows', 'columns', 'other', 'otherRowBytes', 'otherPixelBytes'] as const),
  ],
  gatedProduct: [
    ...([
      'input',
      'inputOffsets',
      'output',
      'outputOffsets',
      'pixels',
      'columns',
      'weights',
      'depth',
      'zeros',
    ] as const),
    ...(['inputGate', 'inputGateOffsets', 'inputFloor', 'inputCeiling'] as const),
    ...(['outputGate', 'outputGateOffsets', 'gateScale', 'gateShift', 'outputFloor', 'outputCeiling'] as const),
    ...(['accumulates', 'scratch'] as const),
  ],
  spread: [
    ...mapFields,
    ...(['height', 'width', 'channels', 'inputHeight', 'inputWidth'] as const),
    ...(['windowHeight', 'windowWidth', 'strideY', 'strideX', 'factor'] as const),
    ...(['gate', 'gateRowBytes', 'gatePixelBytes', 'gateScale', 'gateShift', 'floor', 'ceiling'] as const),
    'accumulates',
  ],
  spreadMax: [
    ...mapFields,
    ...(['height', 'width', 'channels', 'values', 'valuesRowBytes', 'valuesPixelBytes'] as const),
    ...(['windowHeight', 'windowWidth', 'strideY', 'strideX'] as const),
  ],
  spreadDepthwise: [...mapFields, ...(['height', 'width', 'channels', 'top', 'left', 'weights'] as const)],
  unfold: [
    ...mapFields,
    ...(['height', 'width', 'channels', 'strideY', 'strideX', 'top', 'left', 'accumulates'] as const),
  ],
  clearBorder: ['buffer', 'rowBytes', 'height', 'topBytes', 'bottomBytes', 'leftBytes', 'rightBytes'],
} as const;

export type KernelName = keyof typeof taskFields;
export type TaskOf<Name extends KernelName> = Readonly<Record<(typeof taskFields)[Name][number], number>>;

export const kernelNames = Object.keys(taskFields) as readonly KernelName[];

/** Limits of a clamp; everything else in a task is an address or a count. */
const floatFields: ReadonlySet<string> = new Set([
  ...['floor', 'ceiling'],
  ...['inputFloor', 'inputCeiling', 'outputFloor', 'outputCeiling'],
]);
const fieldBytes = 4;

export function taskBytes(kernel: KernelName): number {
  return taskFields[kernel].length * fieldBytes;
}

/** Writes a task at `address`, a multiple of 4. */
export function writeTask<Name extends KernelName>(
  memory: WebAssembly.Memory,
  address: number,
  kernel: Name,
  task: TaskOf<Name>,
): void {
  const view = new DataView(memory.buffer, address, taskBytes(kernel));
  const fields: readonly (keyof TaskOf<Name> & string)[] = taskFields[kernel];
  fields.forEach((field, index) => {
    if (floatFields.has(field)) view.setFloat32(index * fieldBytes, task[field], true);
    else view.setInt32(index * fieldBytes, task[field], true);
  });
}
