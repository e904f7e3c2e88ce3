import { expect } from '@open-wc/testing';
import * as Comlink from 'comlink';
import { unwrap } from '../../src/shared/app-error.ts';
import type { InferenceApi, PackKey } from '../../src/shared/messages.ts';
import type { FindingsManifest, Golden } from '../../src/shared/pack.ts';
import { sha256Hex } from '../../src/shared/sha256.ts';
import { putPack, removePack } from '../../src/storage/packs.ts';

/** That tfjs loads where a network needs it, and only there: in the real worker. Made by `node build.mjs --test`. */

const workerAddress = '/dist/test/assets/inference-worker.js';
const packAddress = '/models/pocket/';
const slowTestMs = 120_000;
/** As much tfjs's WebAssembly module takes at the least. */
const tfjsBytes = 2 ** 24;

interface Model {
  readonly modelTopology: { readonly node: readonly object[] };
}

const parse = <T>(bytes: ArrayBuffer): T => JSON.parse(new TextDecoder().decode(bytes)) as T;
const toBytes = (value: unknown): ArrayBuffer => new TextEncoder().encode(JSON.stringify(value)).buffer;
const fetchBytes = async (path: string): Promise<ArrayBuffer> => (await fetch(packAddress + path)).arrayBuffer();
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The embedded pack with a sigmoid behind its logits, which our kernels do not know, and known answers to match. */
async function storeWithSigmoid(): Promise<PackKey> {
  const manifest = parse<FindingsManifest>(await fetchBytes('pack.json'));
  const files = new Map<string, ArrayBuffer>();
  for (const { path } of manifest.files) files.set(path, await fetchBytes(path));
  const { modelTopology, ...model } = parse<Model>(files.get('model.json')!);
  const { logits } = manifest.outputs;
  const added = { name: 'squashed', op: 'Sigmoid', input: [logits], attr: {} };
  files.set('model.json', toBytes({ ...model, modelTopology: { node: [...modelTopology.node, added] } }));
  const golden = parse<Golden>(files.get('golden.json')!);
  const inputs = golden.inputs.map((input) => ({ ...input, pack: input.pack.map(sigmoid) }));
  files.set('golden.json', toBytes({ ...golden, inputs }));
  const changed: FindingsManifest = {
    ...manifest,
    id: 'local/squashed',
    outputs: { ...manifest.outputs, logits: added.name },
    files: await Promise.all(
      manifest.files.map(async (file) => {
        const bytes = files.get(file.path)!;
        return { ...file, bytes: bytes.byteLength, sha256: await sha256Hex(bytes) };
      }),
    ),
  };
  await putPack(changed, toBytes(changed), files);
  return { id: changed.id, version: changed.version };
}

async function storePocket(): Promise<PackKey> {
  const manifestBytes = await fetchBytes('pack.json');
  const manifest = parse<FindingsManifest>(manifestBytes);
  const files = new Map<string, ArrayBuffer>();
  for (const { path } of manifest.files) files.set(path, await fetchBytes(path));
  await putPack(manifest, manifestBytes, files);
  return { id: manifest.id, version: manifest.version };
}

describe('tfjs in the inference worker', function () {
  this.timeout(slowTestMs);
  let pocket: PackKey;
  let squashed: PackKey;
  let worker: Worker;
  let api: Comlink.Remote<InferenceApi>;

  before(async () => {
    pocket = await storePocket();
    squashed = await storeWithSigmoid();
  });
  after(async () => {
    await removePack(pocket);
    await removePack(squashed);
  });
  beforeEach(() => {
    worker = new Worker(workerAddress, { type: 'module' });
    api = Comlink.wrap<InferenceApi>(worker);
  });
  afterEach(() => worker.terminate());

  for (const mode of ['simd', 'threads'] as const) {
    it(`starts when a pack needs it, beside ${mode}, and not before`, async () => {
      unwrap(await api.start(mode));
      unwrap(await api.load(pocket));
      expect(unwrap(await api.prove(pocket)).passed).to.equal(true);
      const alone = unwrap(await api.memory());
      expect(alone.tensors).to.equal(0);
      expect(alone.wasmBytes).to.be.lessThan(tfjsBytes);

      unwrap(await api.load(squashed));
      const proof = unwrap(await api.prove(squashed));
      expect(proof.passed, JSON.stringify(proof)).to.equal(true);
      expect(unwrap(await api.memory()).wasmBytes).to.be.at.least(alone.wasmBytes + tfjsBytes);

      // And back: what is wholly ours goes on beside it.
      unwrap(await api.load(pocket));
      expect(unwrap(await api.prove(pocket)).passed).to.equal(true);
      unwrap(await api.start(mode));
      unwrap(await api.load(squashed));
      expect(unwrap(await api.prove(squashed)).passed).to.equal(true);
    });
  }
});
