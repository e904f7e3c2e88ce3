import type { Explanation, ExplanationKind } from '../shared/analysis.ts';
import { AppError } from '../shared/app-error.ts';
import type { ExplainRequest } from '../shared/messages.ts';
import type { ReadImage } from './analyze-image.ts';
import type { ExplanationEntry, QueueItem } from './app-model.ts';

export interface ExplanationsPorts {
  readonly items: () => readonly QueueItem[];
  readonly setItems: (items: readonly QueueItem[]) => void;
  /** What an item's result is made of; `undefined` while it has none. */
  readonly readOf: (itemId: string) => ReadImage | undefined;
  readonly explain: (
    read: ReadImage,
    request: ExplainRequest,
    signal: AbortSignal,
    onProgress: (share: number) => void,
  ) => Promise<Explanation>;
}

/** Findings explained in detail, when a person asks: one at a time an item, kept with it. */
export interface Explanations {
  explain(itemId: string, finding: string, kind: ExplanationKind): void;
  cancel(itemId: string): void;
}

/** A bar moves in these steps: no message of a worker draws the screen anew for less. */
const shareStep = 0.01;

export function createExplanations(ports: ExplanationsPorts): Explanations {
  const running = new Map<string, AbortController>();

  function entriesOf(itemId: string): readonly ExplanationEntry[] {
    return ports.items().find(({ id }) => id === itemId)?.explanations ?? [];
  }

  function setEntries(itemId: string, explanations: readonly ExplanationEntry[]): void {
    ports.setItems(ports.items().map((item) => (item.id === itemId ? { ...item, explanations } : item)));
  }

  function put(itemId: string, entry: ExplanationEntry): void {
    setEntries(itemId, [...entriesOf(itemId).filter((other) => !isSame(other, entry)), entry]);
  }

  function cancel(itemId: string): void {
    const controller = running.get(itemId);
    if (controller === undefined) return;
    running.delete(itemId);
    controller.abort();
    setEntries(
      itemId,
      entriesOf(itemId).filter(({ state }) => state.kind !== 'working'),
    );
  }

  async function run(itemId: string, read: ReadImage, request: ExplainRequest): Promise<void> {
    const controller = new AbortController();
    running.set(itemId, controller);
    const { finding, kind } = request;
    const isCurrent = (): boolean => running.get(itemId) === controller;
    const set = (state: ExplanationEntry['state']): void => put(itemId, { finding, kind, state });
    let shown = 0;
    const onProgress = (share: number): void => {
      // The item may have been taken off the list, and with it who looks at this.
      if (ports.readOf(itemId) === undefined) cancel(itemId);
      if (!isCurrent() || share - shown < shareStep) return;
      shown = share;
      set({ kind: 'working', share });
    };
    set({ kind: 'working', share: 0 });
    try {
      const explanation = await ports.explain(read, request, controller.signal, onProgress);
      if (isCurrent()) set({ kind: 'done', explanation });
    } catch (thrown) {
      if (isCurrent()) set({ kind: 'failed', error: AppError.from(thrown).toPlain() });
    } finally {
      if (isCurrent()) running.delete(itemId);
    }
  }

  return {
    cancel,

    explain(itemId, finding, kind) {
      const read = ports.readOf(itemId);
      if (read === undefined) return;
      const known = entriesOf(itemId).find((entry) => isSame(entry, { finding, kind }));
      if (known !== undefined && known.state.kind !== 'failed') return;
      cancel(itemId);
      void run(itemId, read, { finding, kind, input: read.reading.input ?? new Float32Array() });
    },
  };
}

function isSame(
  one: Pick<ExplanationEntry, 'finding' | 'kind'>,
  other: Pick<ExplanationEntry, 'finding' | 'kind'>,
): boolean {
  return one.finding === other.finding && one.kind === other.kind;
}

/** What was explained of an item, in the order in which it was asked for. */
export function finishedExplanations({ explanations = [] }: Pick<QueueItem, 'explanations'>): readonly Explanation[] {
  return explanations.flatMap(({ state }) => (state.kind === 'done' ? [state.explanation] : []));
}
