import { expect } from '@open-wc/testing';
import type { InferenceClient } from '../../../src/app/inference-client.ts';
import { createModelDownloads } from '../../../src/app/model-downloads.ts';
import type { ServiceWorkerClient } from '../../../src/app/sw-client.ts';
import { AppError } from '../../../src/shared/app-error.ts';
import type { ServiceWorkerRequest } from '../../../src/shared/messages.ts';
import { putPackRecord, setPackState } from '../../../src/storage/packs.ts';
import { deleteDatabase } from '../../../src/storage/wipe.ts';

const entry = { id: 'asked', version: '1.0.0', embedded: false, bytes: 1000, sha256: '0'.repeat(64) };

interface Question {
  readonly request: ServiceWorkerRequest;
  readonly answer: (reply: unknown) => void;
}

/** The page's side, with a service worker that answers when it is told to. */
function setUp() {
  const questions: Question[] = [];
  const worker = {
    ask: (request: ServiceWorkerRequest, { signal }: { readonly signal?: AbortSignal }) =>
      new Promise((answer, reject) => {
        questions.push({ request, answer });
        signal?.addEventListener('abort', () => reject(new AppError('cancelled')));
      }),
    onBroadcast: () => () => undefined,
  } as unknown as ServiceWorkerClient;
  const downloads = createModelDownloads({
    worker,
    inference: {} as InferenceClient,
    onActivity: () => undefined,
    onChange: () => Promise.resolve(),
  });
  const asked = (): readonly string[] => questions.map(({ request }) => request.type);
  const isAsked = async (count: number): Promise<void> => {
    while (questions.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { downloads, questions, asked, isAsked };
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 60));
}

describe('a pause', () => {
  beforeEach(async () => {
    await deleteDatabase();
    const { id, version, bytes: totalBytes, sha256: manifestSha256 } = entry;
    const updatedAt = new Date().toISOString();
    await putPackRecord({
      id,
      version,
      state: 'downloading',
      manifestSha256,
      receivedBytes: 100,
      totalBytes,
      optional: true,
      updatedAt,
    });
  });
  after(() => deleteDatabase());

  it('is not undone by what goes on by itself before it is written down', async () => {
    const { downloads, questions, asked, isAsked } = setUp();
    void downloads.start(entry);
    await isAsked(1);
    const paused = downloads.pause(entry.id);
    await isAsked(2);
    await downloads.resume([entry]);
    await settle();
    expect(asked()).to.deep.equal(['download-pack', 'pause-pack']);
    await setPackState(entry, 'downloading', { error: new AppError('cancelled').toPlain() });
    questions[1]?.answer({ ok: true });
    await paused;
    await downloads.resume([entry]);
    await settle();
    expect(asked()).to.deep.equal(['download-pack', 'pause-pack']);
  });

  it('is over before the person’s next wish to go on is passed on', async () => {
    const { downloads, questions, asked, isAsked } = setUp();
    void downloads.start(entry);
    await isAsked(1);
    void downloads.pause(entry.id);
    await isAsked(2);
    void downloads.start(entry);
    await settle();
    expect(asked()).to.deep.equal(['download-pack', 'pause-pack']);
    questions[1]?.answer({ ok: true });
    await isAsked(3);
    expect(asked()).to.deep.equal(['download-pack', 'pause-pack', 'download-pack']);
  });
});
