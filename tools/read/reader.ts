import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodePicture } from '../../src/imaging/decode-picture.ts';
import { startEngine, type EnginePaths } from '../../src/inference/engine.ts';
import { loadFindingsNetwork } from '../../src/inference/findings-network.ts';
import { loadLungsNetwork } from '../../src/inference/lungs-network.ts';
import { provePack, type KnownAnswerer } from '../../src/inference/prove-pack.ts';
import { loadPictureGate } from '../../src/inference/picture-gate-network.ts';
import { readImage } from '../../src/inference/read-image.ts';
import { loadSecondOpinion } from '../../src/inference/second-opinion.ts';
import type { Analysis, FindingMap, PictureLook } from '../../src/shared/analysis.ts';
import { AppError } from '../../src/shared/app-error.ts';
import { appVersion } from '../../src/shared/build.ts';
import { cleanText } from '../../src/shared/clean-text.ts';
import { composeAnalysis } from '../../src/shared/compose-analysis.ts';
import type { EngineMode, KernelFlavour } from '../../src/shared/messages.ts';
import type {
  FindingsManifest,
  GateManifest,
  LungsManifest,
  PackContents,
  SecondOpinionManifest,
} from '../../src/shared/pack.ts';
import { sha256Hex } from '../../src/shared/sha256.ts';
import type { PhotoOptions } from './arguments.ts';
import { createNodeCodecs, readPictureFile } from './node-codecs.ts';
import { readPhotograph } from './read-photograph.ts';

/** What one file became. */
export interface FileReading {
  /** Without maps. */
  readonly analysis: Analysis;
  readonly maps: Readonly<Record<string, FindingMap>>;
  /** Pooled features of the findings network. */
  readonly features: readonly number[];
}

/** The packs that answer. */
export interface ReaderPacks {
  readonly findings: PackContents<FindingsManifest>;
  readonly gate?: PackContents<GateManifest>;
  readonly lungs?: PackContents<LungsManifest>;
  readonly secondOpinion?: PackContents<SecondOpinionManifest>;
}

export interface ReaderOptions {
  /** Also give the raw outputs. */
  readonly logits?: boolean;
  /** Which picture of each file, and how. */
  readonly look?: PictureLook;
  /** The files are photographs. */
  readonly photo?: PhotoOptions;
}

export interface Reader {
  readonly manifest: FindingsManifest;
  /**
   * @param photo how this one is read where it is a photograph; without it as `ReaderOptions` says
   * @throws AppError of decoding or inference
   */
  read(file: string, photo?: PhotoOptions): Promise<FileReading>;
  dispose(): void;
}

/** Folders where build.mjs puts our kernels: beside the command line's bundle, and for sources that are run as they are. */
const kernelFolders = ['kernels', '../../dist/kernels'];

async function loadKernels(flavour: KernelFlavour): Promise<WebAssembly.Module> {
  const paths = kernelFolders.map((folder) => fileURLToPath(new URL(`${folder}/${flavour}.wasm`, import.meta.url)));
  const find = (): string | undefined => paths.find((candidate) => existsSync(candidate));
  const path = find() ?? (buildKernels(), find());
  if (path === undefined) throw new Error('The kernels are not built: run `node build.mjs` first.');
  return WebAssembly.compile(await readFile(path));
}

/** Without them tfjs's own would answer, which nobody has measured who measures with these tools. */
function buildKernels(): void {
  const build = fileURLToPath(new URL('../../build.mjs', import.meta.url));
  // The build's own words go to standard error: standard output belongs to the results.
  spawnSync(process.execPath, [build, '--only-cli'], { stdio: ['ignore', 2, 2] });
}

/** Paths of tfjs's WebAssembly files as it was installed, and our kernels as they were built. */
export function nodeEnginePaths(): EnginePaths {
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'));
  return {
    loadKernels,
    wasm: join(folder, 'dist/tfjs-backend-wasm.wasm'),
    wasmSimd: join(folder, 'dist/tfjs-backend-wasm-simd.wasm'),
  };
}

/**
 * The same decoding and inference as in the browser, on plain SIMD: one process is one thread, and many processes
 * read an archive (docs/archives.md). The pack's known answers are run first.
 *
 * @throws AppError `engine-…`, `pack-…`, `known-answer-mismatch`
 */
export async function createReader(packs: ReaderPacks, options: ReaderOptions = {}): Promise<Reader> {
  const { mode } = await startEngine('simd', nodeEnginePaths());
  const findings = loadFindingsNetwork(packs.findings);
  requireProof(findings, packs.findings, mode);
  const secondOpinion = packs.secondOpinion && loadSecondOpinion(packs.secondOpinion);
  if (secondOpinion && packs.secondOpinion) requireProof(secondOpinion, packs.secondOpinion, mode);
  const lungs = packs.lungs && loadLungsNetwork(packs.lungs);
  if (lungs && packs.lungs) requireProof(lungs, packs.lungs, mode);
  const gate = packs.gate && loadPictureGate(packs.gate);
  if (gate && packs.gate) requireProof(gate, packs.gate, mode);
  const networks = {
    findings,
    ...(gate && { gate }),
    ...(lungs && { lungs }),
    ...(secondOpinion && { secondOpinion }),
  };
  const asked = { features: true, logits: options.logits ?? false };
  const codecs = createNodeCodecs();
  const { look = {} } = options;

  return {
    manifest: packs.findings.manifest,
    read: async (file, photo = options.photo) => {
      const start = performance.now();
      const bytes = await readPictureFile(file);
      const image = await (photo === undefined
        ? decodePicture(bytes, codecs, look)
        : readPhotograph(bytes, codecs, { ...photo, look }, file));
      const sha256 = await sha256Hex(bytes);
      const decoding = performance.now() - start;
      const reading = await readImage(image, networks, asked, () => undefined);
      const timed = { ...reading, timings: { decoding, ...reading.timings } };
      const identity = {
        id: randomUUID(),
        createdAt: new Date().toISOString(),
        image: {
          name: cleanText(basename(file)),
          sha256,
          width: image.width,
          height: image.height,
          source: image.source,
        },
        appVersion,
      };
      const analysis = composeAnalysis(timed, identity, { maps: false });
      return { analysis, maps: reading.maps, features: reading.features ?? [] };
    },
    dispose: () => {
      findings.dispose();
      gate?.dispose();
      lungs?.dispose();
      secondOpinion?.dispose();
    },
  };
}

function requireProof(network: KnownAnswerer, pack: PackContents, mode: EngineMode): void {
  const { passed, worstInput, worstLogit } = provePack(network, pack, mode);
  if (passed) return;
  throw new AppError('known-answer-mismatch', { pack: pack.manifest.id, input: worstInput, logit: worstLogit });
}
