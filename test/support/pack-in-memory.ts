/** A graph as a pack that was never written: float32, nothing but what the executor needs. */

import { packFormatVersion, type PackContents, type PackManifest } from '../../src/shared/pack.ts';
import type { GraphWriter } from '../../tools/pack/graph.ts';

const shard = 'weights.bin';

/** @returns what `loadGraphNetwork` takes; no findings pack: it names neither findings nor sources */
export function packInMemory(writer: GraphWriter, size: number): PackContents {
  const tensors = [
    ...writer.tensors.map((tensor) => ({ ...tensor, dtype: 'float32' as const })),
    ...writer.integers.map((tensor) => ({ ...tensor, dtype: 'int32' as const })),
  ];
  const bytes = tensors.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const model = new TextEncoder().encode(JSON.stringify({ modelTopology: writer.topology() }));
  const manifest: PackManifest = {
    formatVersion: packFormatVersion,
    id: 'in-memory',
    version: '0.0.0',
    role: 'findings',
    title: '',
    summary: '',
    licence: '',
    sources: [],
    citations: [],
    input: { width: size, height: size, channels: 1, geometry: 'crop-resize', range: [0, 1] },
    outputs: { logits: 'logits', maps: 'maps', features: 'features' },
    findings: [],
    calibrated: false,
    weights: { shards: [shard], entries: tensors.map(({ name, shape, dtype }) => ({ name, shape, dtype })) },
    files: [],
  };
  const files = new Map<string, ArrayBuffer>([
    ['model.json', model.buffer],
    [shard, Uint8Array.from(Buffer.concat(bytes)).buffer],
  ]);
  return { manifest, files };
}
