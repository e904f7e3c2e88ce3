import type { PhotoChoice, PictureLook, PictureReading, ReasonCode } from '../shared/analysis.ts';
import { AppError, settle, type Outcome } from '../shared/app-error.ts';
import type { RatioLines } from '../shared/anatomy.ts';
import { cleanText } from '../shared/clean-text.ts';
import { isOpenedPhoto, type OpenedPhoto, type SeenPicture } from '../shared/messages.ts';
import { throwIfAborted } from './abort.ts';
import type { ReadImage, TakenAs } from './analyze-image.ts';
import type { QueueItem, QueueItemState, WorkStage } from './app-model.ts';
import { composeAnnotated, composeResult, type Annotations } from './compose-result.ts';
import type { PlacedPhoto } from './decoding-client.ts';
import { exportJson, type ExportOptions, type JsonExport } from './export-json.ts';
import { finishedExplanations } from './explanations.ts';

/** A picture to be: a file, or where it comes from. */
export interface QueueSource {
  readonly name: string;
  readonly load: (signal: AbortSignal) => Promise<File>;
  readonly synthetic?: { readonly drawnFindings: readonly string[] };
  /** Which picture of it, where it is not the first as it is stored. */
  readonly reading?: PictureReading;
  /** Just taken with the camera: a person is asked where the film is. */
  readonly isPhoto?: boolean;
}

/** Several files queue up; one is worked on at a time, in order. */
export interface AnalysisQueue {
  add(sources: readonly QueueSource[]): void;
  /** True while an item of this very source is worked on or waits: a double tap asks once. */
  isWorkingOn(source: QueueSource): boolean;
  cancel(id: string): void;
  cancelAll(): void;
  retry(id: string): void;
  dismiss(id: string): void;
  setLabel(id: string, label: string): void;
  analyzeAnyway(id: string, codes: readonly ReasonCode[]): void;
  /** Another reading of an item's file, as an item of its own: nothing of the first one is lost. Once for a double tap. */
  analyzeAs(id: string, reading: PictureReading): void;
  /** An item's file in another frame or window, for eyes alone. Never throws. */
  lookAt(id: string, look: PictureLook): Promise<Outcome<SeenPicture>>;
  exportJson(id: string, options: ExportOptions): JsonExport | undefined;
  /** Where an item's pixels come from. */
  source(id: string): QueueSource | undefined;
  /** What an item's result is made of. */
  readOf(id: string): ReadImage | undefined;
  setRatioLines(id: string, lines: RatioLines | undefined): void;
  /** An item that is done or failed, read anew as a photograph. */
  treatAsPhoto(id: string): void;
  /** The person said where the film is, or, without a choice, that it is no photograph. */
  placeCorners(id: string, choice: PhotoChoice | undefined): void;
  markKept(id: string): void;
  /** Results that would be lost: done, not the example, and changed since they were printed or saved. */
  hasUnkept(): boolean;
  /** True while something is worked on or waits. */
  isBusy(): boolean;
  /** Starts what waits, after something came that it waited for: a pack, the accepted notice. */
  pump(): void;
}

export interface AnalysisQueuePorts {
  readonly items: () => readonly QueueItem[];
  readonly setItems: (items: readonly QueueItem[]) => void;
  readonly analyze: (
    file: File,
    signal: AbortSignal,
    onStage: (stage: WorkStage) => void,
    reading: PictureReading | undefined,
    taken: TakenAs,
  ) => Promise<ReadImage | OpenedPhoto>;
  readonly look: (file: File, look: PictureLook) => Promise<SeenPicture>;
  readonly openPhoto: (file: File, signal: AbortSignal, onStage: (stage: WorkStage) => void) => Promise<OpenedPhoto>;
  /** Nothing runs before the notice is accepted. */
  readonly mayRun: () => boolean;
}

/** What is not for the screens: where an item's pixels come from, and what its result is made of. */
interface Work {
  readonly source: QueueSource;
  /** Of the run that is on; another one, or none, means that a late answer is dropped. */
  controller?: AbortController | undefined;
  read?: ReadImage | undefined;
  notes?: Annotations | undefined;
  /** A photograph: nobody has said where the film is yet, or where it is. */
  taken: 'photo' | TakenAs;
}

export function createAnalysisQueue(ports: AnalysisQueuePorts): AnalysisQueue {
  const works = new Map<string, Work>();
  let current: string | undefined;

  function change(id: string, fields: Partial<Omit<QueueItem, 'id'>>): void {
    ports.setItems(ports.items().map((item) => (item.id === id ? { ...item, ...fields } : item)));
  }

  function setState(id: string, state: QueueItemState): void {
    change(id, { state });
  }

  function item(id: string): QueueItem | undefined {
    return ports.items().find((candidate) => candidate.id === id);
  }

  /** Starts the next waiting item, if none runs. */
  function pump(): void {
    if (current !== undefined || !ports.mayRun()) return;
    const next = ports.items().find(({ state }) => state.kind === 'working' && state.stage === 'queued');
    if (next === undefined) return;
    current = next.id;
    void run(next.id).finally(() => {
      current = undefined;
      pump();
    });
  }

  async function run(id: string): Promise<void> {
    const work = works.get(id);
    if (work === undefined) return;
    const controller = new AbortController();
    const { signal } = controller;
    work.controller = controller;
    const isCurrent = (): boolean => work.controller === controller && !signal.aborted && works.has(id);
    const onStage = (stage: WorkStage): void => {
      if (isCurrent()) setState(id, { kind: 'working', stage });
    };
    onStage('reading');
    try {
      const file = await work.source.load(signal);
      throwIfAborted(signal);
      const { taken } = work;
      // Its pixels are given away: another run decodes them anew.
      if (isPlaced(taken)) work.taken = { choice: taken.choice };
      const read = await (taken === 'photo'
        ? ports.openPhoto(file, signal, onStage)
        : ports.analyze(file, signal, onStage, work.source.reading, taken));
      if (isOpenedPhoto(read)) {
        if (!isCurrent()) return;
        work.controller = undefined;
        setState(id, { kind: 'corners', ...read, recognised: taken !== 'photo' });
        return;
      }
      const found = item(id);
      if (!isCurrent() || found === undefined) return;
      work.controller = undefined;
      const { synthetic } = work.source;
      work.read = read;
      publish(id, work, {
        id,
        name: found.name,
        label: found.label,
        kept: false,
        ...(synthetic === undefined ? {} : { synthetic }),
      });
    } catch (thrown) {
      if (!isCurrent()) return;
      // From here on stages are late: they come by another port than the answer and may well arrive after it.
      work.controller = undefined;
      const error = AppError.from(thrown);
      setState(id, error.code === 'cancelled' ? { kind: 'cancelled' } : { kind: 'failed', error: error.toPlain() });
    }
  }

  /** Shows the result with these notes on it. */
  function publish(id: string, work: Work, notes: Annotations): void {
    if (work.read === undefined) return;
    work.notes = notes;
    setState(id, { kind: 'done', result: composeResult(work.read, notes) });
  }

  function annotate(id: string, notes: Partial<Annotations>): void {
    const work = works.get(id);
    if (work?.notes !== undefined) publish(id, work, { ...work.notes, ...notes });
  }

  function cancel(id: string): void {
    const kind = item(id)?.state.kind;
    if (kind !== 'working' && kind !== 'corners') return;
    // First the state: the run's own end finds itself cancelled and says nothing more.
    works.get(id)?.controller?.abort();
    setState(id, { kind: 'cancelled' });
  }

  /** @param taken what the file is taken for, where that is known before */
  function newItem(source: QueueSource, label?: string, taken?: Work['taken']): QueueItem {
    const id = crypto.randomUUID();
    const name = cleanText(source.name);
    const { reading } = source;
    works.set(id, { source, taken: taken ?? (source.isPhoto === true ? 'photo' : 'as-it-seems') });
    const state = { kind: 'working', stage: 'queued' } as const;
    return { id, name, label: label ?? name, state, ...(reading === undefined ? {} : { reading }) };
  }

  function append(added: readonly QueueItem[]): void {
    ports.setItems([...ports.items(), ...added]);
    pump();
  }

  /** True while this very picture is worked on or waits. */
  function isWorkingOnReading({ load }: QueueSource, reading: PictureReading): boolean {
    return ports
      .items()
      .some(
        (other) =>
          other.state.kind === 'working' &&
          works.get(other.id)?.source.load === load &&
          isSameReading(other.reading, reading),
      );
  }

  return {
    pump,

    add: (sources) => append(sources.map((source) => newItem(source))),

    isWorkingOn: (source) =>
      ports.items().some(({ id, state }) => state.kind === 'working' && works.get(id)?.source === source),

    cancel,

    cancelAll() {
      for (const { id } of ports.items()) cancel(id);
    },

    retry(id) {
      const kind = item(id)?.state.kind;
      if (kind !== 'failed' && kind !== 'cancelled') return;
      setState(id, { kind: 'working', stage: 'queued' });
      pump();
    },

    dismiss(id) {
      works.get(id)?.controller?.abort();
      works.delete(id);
      ports.setItems(ports.items().filter((candidate) => candidate.id !== id));
    },

    setLabel(id, label) {
      const found = item(id);
      if (found === undefined) return;
      const cleaned = cleanText(label);
      const shown = cleaned === '' ? found.name : cleaned;
      if (shown === found.label) return;
      change(id, { label: shown });
      annotate(id, { label: shown, kept: false });
    },

    analyzeAnyway(id, codes) {
      annotate(id, { overridden: { codes: [...codes], at: new Date().toISOString() }, kept: false });
    },

    analyzeAs(id, reading) {
      const work = works.get(id);
      const label = item(id)?.label;
      if (work === undefined || isWorkingOnReading(work.source, reading)) return;
      append([newItem({ ...work.source, reading }, label, isPlaced(work.taken) ? work.taken : 'as-it-is')]);
    },

    lookAt: (id, look) =>
      settle(async () => {
        const source = works.get(id)?.source;
        if (source === undefined) throw new AppError('cancelled');
        return ports.look(await source.load(new AbortController().signal), look);
      }),

    setRatioLines(id, lines) {
      annotate(id, { ratio: lines && { lines, at: new Date().toISOString() }, kept: false });
    },

    treatAsPhoto(id) {
      const work = works.get(id);
      const kind = item(id)?.state.kind;
      if (work === undefined || (kind !== 'done' && kind !== 'failed')) return;
      work.taken = 'photo';
      work.read = undefined;
      work.notes = undefined;
      setState(id, { kind: 'working', stage: 'queued' });
      pump();
    },

    placeCorners(id, choice) {
      const work = works.get(id);
      const state = item(id)?.state;
      if (work === undefined || state?.kind !== 'corners') return;
      const { photo, source } = state;
      work.taken = choice === undefined ? 'as-it-is' : { choice, opened: { photo, source } };
      setState(id, { kind: 'working', stage: 'queued' });
      pump();
    },

    exportJson(id, options) {
      const work = works.get(id);
      if (work?.read === undefined || work.notes === undefined) return undefined;
      const explanations = options.maps ? finishedExplanations(item(id) ?? {}) : [];
      const analysis = composeAnnotated(work.read, work.notes, options);
      const exported = exportJson(explanations.length > 0 ? { ...analysis, explanations } : analysis);
      annotate(id, { kept: true });
      return exported;
    },

    source: (id) => works.get(id)?.source,
    readOf: (id) => works.get(id)?.read,

    markKept: (id) => annotate(id, { kept: true }),

    hasUnkept: () =>
      ports
        .items()
        .some(({ state }) => state.kind === 'done' && !state.result.kept && state.result.synthetic === undefined),

    isBusy: () => ports.items().some(({ state }) => state.kind === 'working' || state.kind === 'corners'),
  };
}

function isPlaced(taken: Work['taken']): taken is PlacedPhoto {
  return typeof taken === 'object';
}

function isSameReading(one: PictureReading = {}, other: PictureReading = {}): boolean {
  return (one.frame ?? 1) === (other.frame ?? 1) && (one.inverted ?? false) === (other.inverted ?? false);
}
