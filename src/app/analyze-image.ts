import type { AnalyzedImage, DisplayImage, Explanation, PictureReading, Reading } from '../shared/analysis.ts';
import { AppError } from '../shared/app-error.ts';
import {
  isOpenedPhoto,
  type EngineInfo,
  type ExplainRequest,
  type OpenedPhoto,
  type PackKey,
} from '../shared/messages.ts';
import { installedPack } from '../storage/packs-in-use.ts';
import { getSetting } from '../storage/settings.ts';
import type { FindingsManifest, PackRole } from '../shared/pack.ts';
import type { PatientLabel } from '../shared/patient-label.ts';
import { throwIfAborted } from './abort.ts';
import type { WorkStage } from './app-model.ts';
import { checkFile } from './check-file.ts';
import type { DecodingClient, PlacedPhoto } from './decoding-client.ts';
import type { InferenceClient } from './inference-client.ts';
import type { PackInstaller } from './pack-installer.ts';
import { requireProof } from './pack-proof.ts';

/** All that is known of one picture in the end; a `Result` is made of it, and made again when the label changes. */
export interface ReadImage {
  readonly reading: Reading;
  readonly display: DisplayImage;
  readonly image: Omit<AnalyzedImage, 'name'>;
  readonly patient?: PatientLabel;
  readonly pack: FindingsManifest;
  readonly engine: EngineInfo;
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface AnalyzePorts {
  readonly decoding: DecodingClient;
  readonly inference: InferenceClient;
  readonly installer: PackInstaller;
}

/** What a file is taken for: what it seems to be, a digital original as a person has said, or a photograph. */
export type TakenAs = 'as-it-seems' | 'as-it-is' | PlacedPhoto;

/**
 * One X-ray, from its file to a reading: decode worker → proven pack → inference worker (gate, findings, maps, gate).
 * Nothing of it is known outside before both gates have spoken, for the reading comes as one value.
 *
 * @param what which picture of the file, and whether black and white are swapped
 * @returns a photograph where the file seems to be one: a person says first where the film is
 * @throws AppError whatever stopped it; `cancelled` as soon as `signal` aborts
 */
export async function analyzeImage(
  file: File,
  ports: AnalyzePorts,
  signal: AbortSignal,
  onStage: (stage: WorkStage) => void,
  what: PictureReading = {},
  taken: TakenAs = 'as-it-is',
): Promise<ReadImage | OpenedPhoto> {
  await checkFile(file);
  throwIfAborted(signal);
  const decoded = await (taken === 'as-it-seems'
    ? ports.decoding.open(file, { signal, onStage })
    : taken === 'as-it-is'
      ? ports.decoding.decode(file, { signal, onStage, reading: what })
      : ports.decoding.rectify(file, taken, { signal, onStage, reading: what }));
  if (isOpenedPhoto(decoded)) return decoded;
  const { width, height, source } = decoded.image;
  onStage('starting-engine');
  const { pack, engine } = await readyPack(ports, signal, onStage);
  const gate = await readyHelper('gate', ports, signal);
  const lungs = await readyHelper('lungs', ports, signal);
  const secondOpinion = await readyHelper('second-opinion', ports, signal);
  const prevalences = await getSetting('sitePrevalences');
  const asked = {
    input: true,
    ...(gate && { gate }),
    ...(lungs && { lungs }),
    ...(secondOpinion && { secondOpinion }),
    ...(prevalences && { prevalences }),
  };
  const reading = await ports.inference.analyze(pack, decoded.image, asked, signal, onStage);
  return {
    reading,
    display: decoded.display,
    image: { sha256: decoded.sha256, width, height, source },
    ...(decoded.patient === undefined ? {} : { patient: decoded.patient }),
    pack: pack.manifest,
    engine,
    createdAt: new Date().toISOString(),
  };
}

/**
 * A finding of a picture that was read, explained in detail by the pack that read it, proven in the engine that runs now.
 * @throws AppError `pack-missing` where another pack answers by now, and whatever stopped it
 */
export async function explainImage(
  read: ReadImage,
  request: ExplainRequest,
  inference: InferenceClient,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<Explanation> {
  const pack = await installedPack('findings');
  const { id, version } = read.pack;
  if (pack?.id !== id || pack.version !== version) throw new AppError('pack-missing', { pack: `${id}@${version}` });
  await requireProof(pack, inference, signal, () => undefined);
  return inference.explain(pack, request, signal, onProgress);
}

/** A pack beside the findings that is in use and answers rightly. One that does not is no reason to show no findings. */
async function readyHelper(
  role: Exclude<PackRole, 'findings'>,
  { inference, installer }: AnalyzePorts,
  signal: AbortSignal,
): Promise<PackKey | undefined> {
  const pack = await installedPack(role);
  if (pack === undefined) return undefined;
  try {
    await requireProof(pack, inference, signal, () => undefined);
    return { id: pack.id, version: pack.version };
  } catch (thrown) {
    const error = AppError.from(thrown, 'engine-crashed');
    if (error.code === 'pack-damaged' || error.code === 'pack-missing') await installer.heal(pack, error);
    else if (error.code !== 'known-answer-mismatch') throw error;
    return undefined;
  }
}

type UsablePack = Awaited<ReturnType<PackInstaller['usablePack']>> & { readonly manifest: FindingsManifest };

/** The findings pack, loaded and proven in the engine that runs; bits that rotted at rest are fetched again, once. */
async function readyPack(
  { inference, installer }: AnalyzePorts,
  signal: AbortSignal,
  onStage: (stage: WorkStage) => void,
): Promise<{ readonly pack: UsablePack; readonly engine: EngineInfo }> {
  let damage: AppError | undefined;
  for (;;) {
    let pack;
    try {
      pack = await installer.usablePack(signal);
    } catch (thrown) {
      // What could not be mended is the news, not that mending failed.
      throw damage ?? thrown;
    }
    try {
      const engine = await requireProof(pack, inference, signal, () => onStage('proving'));
      const { manifest } = pack;
      if (manifest?.role !== 'findings') throw new AppError('pack-damaged', { pack: pack.id, path: 'pack.json' });
      return { pack: { ...pack, manifest }, engine };
    } catch (thrown) {
      const error = AppError.from(thrown, 'engine-crashed');
      const rotted = error.code === 'pack-damaged' || error.code === 'pack-missing';
      if (!rotted || damage !== undefined) throw error;
      damage = error;
      await installer.heal(pack, error);
    }
  }
}
