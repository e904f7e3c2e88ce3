import { expect } from '@open-wc/testing';
import * as Comlink from 'comlink';
import type { GrayImage } from '../../src/shared/analysis.ts';
import type { Outcome } from '../../src/shared/app-error.ts';
import { engineModes, type EngineMode, type InferenceApi, type PackKey } from '../../src/shared/messages.ts';
import type { Golden, FindingsManifest } from '../../src/shared/pack.ts';
import { putPack, putPackFile, removePack } from '../../src/storage/packs.ts';
import { probeImage } from '../fixtures/probe-image.ts';

/**
 * The real worker, as built, in a real browser, on the embedded pack out of IndexedDB.
 * Made by `node build.mjs --test`. The page is cross-origin isolated, so threads run too.
 */
const workerAddress = '/dist/test/assets/inference-worker.js';
const packAddress = '/models/pocket/';

/** DESIGN §4 and §5: any engine against plain SIMD; browser against Node on one GrayImage. */
const logitTolerance = 0.01;
const probabilityTolerance = 0.001;
/** Plain JavaScript takes seconds an image, on a busy machine many. */
const slowTestMs = 240_000;

async function fetchBytes(path: string): Promise<ArrayBuffer> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.arrayBuffer();
}

async function storePocket(): Promise<{ manifest: FindingsManifest; files: Map<string, ArrayBuffer> }> {
  const manifestBytes = await fetchBytes(`${packAddress}pack.json`);
  const manifest = JSON.parse(new TextDecoder().decode(manifestBytes)) as FindingsManifest;
  const files = new Map<string, ArrayBuffer>();
  for (const { path } of manifest.files) files.set(path, await fetchBytes(packAddress + path));
  await putPack(manifest, manifestBytes, files);
  return { manifest, files };
}

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.error.code} ${JSON.stringify(outcome.error)}`);
  return outcome.value;
}

function codeOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? 'ok' : outcome.error.code;
}

describe('the inference worker', () => {
  let manifest: FindingsManifest;
  let key: PackKey;
  let golden: Golden;
  let files: Map<string, ArrayBuffer>;
  let worker: Worker;
  let api: Comlink.Remote<InferenceApi>;

  before(async () => {
    ({ manifest, files } = await storePocket());
    key = { id: manifest.id, version: manifest.version };
    golden = JSON.parse(new TextDecoder().decode(files.get('golden.json'))) as Golden;
  });
  after(() => removePack(key));

  beforeEach(() => {
    worker = new Worker(workerAddress, { type: 'module' });
    api = Comlink.wrap<InferenceApi>(worker);
  });
  afterEach(() => worker.terminate());

  const analyze = (image: GrayImage, stages: string[] = []): ReturnType<typeof api.analyze> =>
    api.analyze(
      image,
      { features: true },
      Comlink.proxy((stage) => void stages.push(stage)),
    );

  /** The known answers' synthetic X-ray as a picture: exactly the network's size, so nothing is resized. */
  function syntheticXray(): { image: GrayImage; expected: readonly number[] } {
    const input = golden.inputs.find(({ name }) => name === 'synthetic-xray')!;
    const { width, height } = manifest.input;
    const data = Float32Array.from(new Uint8Array(files.get(input.file!)!), (byte) => byte / 255);
    const source = { ...probeImage().source, storedWidth: width, storedHeight: height };
    return { image: { width, height, data, source }, expected: input.pack };
  }

  for (const mode of engineModes satisfies readonly EngineMode[]) {
    it(`proves the pack and analyses on ${mode}`, async function () {
      this.timeout(slowTestMs);
      const engine = value(await api.start(mode));
      expect(engine.mode).to.equal(mode);
      expect(engine.kernels).to.equal(mode === 'simd' || mode === 'threads' ? 'relaxed' : 'stock');
      expect(engine.threads).to.satisfy((threads: number) => (mode === 'threads' ? threads >= 2 : threads === 1));
      value(await api.load(key));
      const proof = value(await api.prove(key));
      expect(proof.passed, JSON.stringify(proof)).to.equal(true);
      expect(proof.mode).to.equal(mode);
      expect(proof.worstLogit).to.be.at.most(logitTolerance);
      expect(proof.worstProbability).to.be.at.most(probabilityTolerance);
      expect(value(await api.warmUp())).to.be.greaterThan(0);

      const { tensors } = value(await api.memory());
      const stages: string[] = [];
      const { image, expected } = syntheticXray();
      const reading = value(await analyze(image, stages));
      expect(stages).to.deep.equal(['gate', 'findings', 'maps']);
      expect(reading.packs).to.deep.equal({ pocket: manifest.version });
      expect(reading.features).to.have.length(1280);
      for (const finding of reading.findings) {
        const index = manifest.findings.findIndex(({ id }) => id === finding.id);
        const logit = Math.log(finding.score / (1 - finding.score));
        expect(Math.abs(logit - expected[index]!), finding.id).to.be.at.most(logitTolerance);
        const map = reading.maps[finding.id]!;
        const mean = map.values.reduce((sum, each) => sum + each, 0) / map.values.length;
        expect(Math.abs(mean + manifest.findings[index]!.bias - logit), finding.id).to.be.at.most(1e-3);
      }
      expect(value(await api.memory()).tensors).to.equal(tensors);
    });
  }

  describe('explains in detail', function () {
    this.timeout(slowTestMs);
    const request = async (kind: 'gradient' | 'occlusion', finding: string) => {
      const { image } = syntheticXray();
      const reading = value(
        await api.analyze(
          image,
          { input: true },
          Comlink.proxy(() => undefined),
        ),
      );
      return { kind, finding, input: reading.input! };
    };
    const explain = async (kind: 'gradient' | 'occlusion', onShare: (share: number) => boolean = () => true) => {
      const asked = await request(kind, 'Effusion');
      return api.explain(key, asked, Comlink.proxy(onShare));
    };

    for (const mode of ['simd', 'threads', 'wasm'] as const) {
      it(`by the input gradient, beside the engine ${mode}`, async () => {
        value(await api.start(mode));
        value(await api.load(key));
        const shares: number[] = [];
        const { map } = value(await explain('gradient', (share) => shares.push(share) > 0));
        expect([map.width, map.height]).to.deep.equal([56, 56]);
        expect(Math.max(...map.values)).to.equal(1);
        expect(Math.min(...map.values)).to.be.at.least(0);
        expect(shares[0]).to.equal(0);
        // Again, with what was kept: the same to the last bit.
        expect(value(await explain('gradient')).map).to.deep.equal(map);
      });
    }

    it('by covering the picture; and stops within a run when told to', async () => {
      value(await api.start('simd'));
      value(await api.load(key));
      const { map } = value(await explain('occlusion'));
      expect([map.width, map.height]).to.deep.equal([14, 14]);
      expect(map.values.every(Number.isFinite)).to.equal(true);
      expect(Math.max(...map.values)).to.be.greaterThan(0);
      let told = 0;
      const stopped = await explain('occlusion', () => (told += 1) < 3);
      expect(codeOf(stopped)).to.equal('cancelled');
      expect(told).to.equal(3);
    });

    it('not a pack that is not loaded', async () => {
      value(await api.start('simd'));
      const asked = { kind: 'gradient', finding: 'Effusion', input: new Float32Array(1) } as const;
      expect(
        codeOf(
          await api.explain(
            key,
            asked,
            Comlink.proxy(() => true),
          ),
        ),
      ).to.equal('pack-missing');
    });
  });

  it('gives the scores that Node gives from the same GrayImage, cropped and resized', async function () {
    this.timeout(slowTestMs);
    const pinned = JSON.parse(
      new TextDecoder().decode(await fetchBytes('/test/fixtures/pinned-scores.json')),
    ) as Record<string, number>;
    value(await api.start('simd'));
    value(await api.load(key));
    const { findings, field } = value(await analyze(probeImage()));
    expect(findings).to.have.length(Object.keys(pinned).length);
    for (const { id, score } of findings) expect(Math.abs(score - pinned[id]!), id).to.be.at.most(probabilityTolerance);
    expect(field).to.deep.equal({ x: 26, y: 0, width: 365, height: 365 });
  });

  it('chooses by itself, and never threads where two cores are all there is', async function () {
    this.timeout(slowTestMs);
    const { mode } = value(await api.start());
    expect(mode).to.be.oneOf(navigator.hardwareConcurrency > 2 ? ['threads', 'simd'] : ['simd']);
    value(await api.load(key));
    expect(value(await api.prove(key)).passed).to.equal(true);
  });

  it('holds its memory over fifty images', async function () {
    this.timeout(slowTestMs);
    value(await api.start('simd'));
    value(await api.load(key));
    const baseline = value(await api.memory()).tensors;
    let afterFive = 0;
    for (let index = 1; index <= 50; index += 1) {
      value(await analyze(probeImage(index / 50)));
      if (index === 5) afterFive = value(await api.memory()).wasmBytes;
    }
    const end = value(await api.memory());
    expect(afterFive).to.be.greaterThan(0);
    expect(end).to.deep.equal({ tensors: baseline, wasmBytes: afterFive });
  });

  it('can change its engine, and forgets what was loaded on the old one', async function () {
    this.timeout(slowTestMs);
    value(await api.start('threads'));
    value(await api.load(key));
    value(await api.start('simd'));
    expect(value(await api.memory()).tensors).to.equal(0);
    expect(codeOf(await api.prove(key))).to.equal('pack-missing');
    value(await api.load(key));
    expect(value(await api.prove(key)).mode).to.equal('simd');
  });

  it('takes what it was told to read early, once, and says then what is wrong with it', async function () {
    this.timeout(slowTestMs);
    await api.prefetch({ id: 'absent', version: '1.0.0' });
    value(await api.start('simd'));
    expect(codeOf(await api.load({ id: 'absent', version: '1.0.0' }))).to.equal('pack-missing');
    await api.prefetch(key);
    value(await api.load(key));
    expect(value(await api.prove(key)).passed).to.equal(true);

    // Read anew: what was read early is not kept.
    const [shard = ''] = manifest.weights.shards;
    const rotten = files.get(shard)!.slice(0);
    new Uint8Array(rotten)[1000]! ^= 1;
    await putPackFile(key, shard, rotten);
    expect(codeOf(await api.load(key))).to.equal('pack-damaged');
    await putPackFile(key, shard, files.get(shard)!);
  });

  it('says what is wrong with a pack, and goes on', async function () {
    this.timeout(slowTestMs);
    const missing = { id: 'absent', version: '1.0.0' };
    expect(codeOf(await analyze(probeImage()))).to.equal('pack-missing');
    value(await api.start('simd'));
    expect(codeOf(await api.load(missing))).to.equal('pack-missing');
    expect(codeOf(await api.prove(missing))).to.equal('pack-missing');

    const [shard = ''] = manifest.weights.shards;
    const rotten = files.get(shard)!.slice(0);
    new Uint8Array(rotten)[1000]! ^= 1;
    await putPackFile(key, shard, rotten);
    expect(codeOf(await api.load(key))).to.equal('pack-damaged');
    await putPackFile(key, shard, files.get(shard)!);
    value(await api.load(key));
    const broken = probeImage();
    broken.data.fill(NaN);
    expect(codeOf(await analyze(broken))).to.equal('wrong-output');
    expect(codeOf(await analyze(probeImage()))).to.equal('ok');
  });

  it('lets no pack answer that failed its known answers', async function () {
    this.timeout(slowTestMs);
    const other: PackKey = { id: 'local/wrong', version: '1.0.0' };
    const inputs = golden.inputs.map((input) => ({ ...input, pack: input.pack.map((logit) => logit + 0.1) }));
    const wrongGolden = new TextEncoder().encode(JSON.stringify({ ...golden, inputs })).buffer;
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', wrongGolden));
    const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    const wrongManifest: FindingsManifest = {
      ...manifest,
      ...other,
      files: manifest.files.map((file) =>
        file.path === 'golden.json' ? { ...file, bytes: wrongGolden.byteLength, sha256 } : file,
      ),
    };
    const manifestBytes = new TextEncoder().encode(JSON.stringify(wrongManifest)).buffer;
    await putPack(wrongManifest, manifestBytes, new Map([...files, ['golden.json', wrongGolden]]));
    try {
      value(await api.start('simd'));
      value(await api.load(other));
      const proof = value(await api.prove(other));
      expect(proof.passed).to.equal(false);
      expect(proof.worstLogit).to.be.closeTo(0.1, 0.001);
      expect(codeOf(await analyze(probeImage()))).to.equal('known-answer-mismatch');
    } finally {
      await removePack(other);
    }
  });
});
