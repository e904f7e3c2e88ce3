import { expect } from '@open-wc/testing';
import type { ReadImage } from '../../../src/app/analyze-image.ts';
import type { ExplanationEntry, QueueItem } from '../../../src/app/app-model.ts';
import { createExplanations } from '../../../src/app/explanations.ts';
import type { Explanation } from '../../../src/shared/analysis.ts';
import { AppError } from '../../../src/shared/app-error.ts';
import type { ExplainRequest } from '../../../src/shared/messages.ts';
import { someReadImage } from './some-reading.ts';

interface Run {
  readonly request: ExplainRequest;
  readonly signal: AbortSignal;
  readonly onProgress: (share: number) => void;
  readonly finish: (explanation: Explanation) => void;
  readonly fail: (error: AppError) => void;
}

function setUp() {
  let items: readonly QueueItem[] = [
    { id: 'a', name: 'a', label: 'a', state: { kind: 'cancelled' } },
    { id: 'b', name: 'b', label: 'b', state: { kind: 'cancelled' } },
  ];
  const input = Float32Array.of(1, 2);
  const read: ReadImage = { ...someReadImage(), reading: { ...someReadImage().reading, input } };
  const runs: Run[] = [];
  const gone = new Set<string>();
  const explanations = createExplanations({
    items: () => items,
    setItems: (next) => (items = next),
    readOf: (id) => (gone.has(id) ? undefined : read),
    explain: (_read, request, signal, onProgress) =>
      new Promise((finish, fail) => runs.push({ request, signal, onProgress, finish, fail })),
  });
  const entries = (id = 'a'): readonly ExplanationEntry[] => items.find((item) => item.id === id)?.explanations ?? [];
  return { explanations, runs, entries, input, gone };
}

const explanation: Explanation = {
  kind: 'gradient',
  finding: 'Effusion',
  map: { width: 1, height: 1, values: [1] },
};
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('explanations', () => {
  it('tells how far it is, and keeps what comes out', async () => {
    const { explanations, runs, entries, input } = setUp();
    explanations.explain('a', 'Effusion', 'gradient');
    expect(runs[0]?.request).to.deep.equal({ finding: 'Effusion', kind: 'gradient', input });
    runs[0]?.onProgress(0.004);
    expect(entries()[0]?.state).to.deep.equal({ kind: 'working', share: 0 });
    runs[0]?.onProgress(0.5);
    expect(entries()[0]?.state).to.deep.equal({ kind: 'working', share: 0.5 });
    // Asked again while it runs: once.
    explanations.explain('a', 'Effusion', 'gradient');
    expect(runs).to.have.length(1);
    runs[0]?.finish(explanation);
    await tick();
    expect(entries()).to.deep.equal([{ finding: 'Effusion', kind: 'gradient', state: { kind: 'done', explanation } }]);
    explanations.explain('a', 'Effusion', 'gradient');
    expect(runs).to.have.length(1);
  });

  it('cancels: what was done stays, what comes late is dropped', async () => {
    const { explanations, runs, entries } = setUp();
    explanations.explain('a', 'Effusion', 'gradient');
    runs[0]?.finish(explanation);
    await tick();
    explanations.explain('a', 'Effusion', 'occlusion');
    explanations.cancel('a');
    expect(runs[1]?.signal.aborted).to.equal(true);
    runs[1]?.onProgress(0.9);
    runs[1]?.fail(new AppError('cancelled'));
    await tick();
    expect(entries().map(({ kind, state }) => `${kind} ${state.kind}`)).to.deep.equal(['gradient done']);
  });

  it('does one at a time an item: another one asked for ends the first', () => {
    const { explanations, runs, entries } = setUp();
    explanations.explain('a', 'Effusion', 'occlusion');
    explanations.explain('b', 'Effusion', 'gradient');
    explanations.explain('a', 'Mass', 'gradient');
    expect(runs.map(({ signal }) => signal.aborted)).to.deep.equal([true, false, false]);
    expect(entries().map(({ finding }) => finding)).to.deep.equal(['Mass']);
  });

  it('says why it failed, and tries again when asked again', async () => {
    const { explanations, runs, entries } = setUp();
    explanations.explain('a', 'Effusion', 'gradient');
    runs[0]?.fail(new AppError('gradient-unavailable'));
    await tick();
    expect(entries()[0]?.state).to.deep.equal({ kind: 'failed', error: { code: 'gradient-unavailable', details: {} } });
    explanations.explain('a', 'Effusion', 'gradient');
    expect(entries().map(({ state }) => state.kind)).to.deep.equal(['working']);
    expect(runs).to.have.length(2);
  });

  it('ends when its item is taken off the list', () => {
    const { explanations, runs, gone } = setUp();
    explanations.explain('a', 'Effusion', 'occlusion');
    gone.add('a');
    runs[0]?.onProgress(0.2);
    expect(runs[0]?.signal.aborted).to.equal(true);
    explanations.explain('a', 'Effusion', 'gradient');
    expect(runs).to.have.length(1);
  });
});
