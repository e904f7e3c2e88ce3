/**
 * The page of test/e2e/threads-under-policy.node.ts: starts the real inference worker and writes what came out into
 * `data-result` of the document's element.
 */

import { wrap } from 'comlink';
import { trustedScriptUrl } from '../../src/app/trusted-types.ts';
import type { EngineInfo, EngineMode, InferenceApi, Proof } from '../../src/shared/messages.ts';
import type { PackManifest } from '../../src/shared/pack.ts';
import { putPack } from '../../src/storage/packs.ts';

export interface ThreadsPageResult {
  readonly isolated: boolean;
  /** One a mode asked for: what started, or the error's code. */
  readonly starts: readonly (EngineInfo | string)[];
  readonly proof?: Proof;
}

async function fetchBytes(path: string): Promise<ArrayBuffer> {
  return (await fetch(path)).arrayBuffer();
}

async function storePack(): Promise<PackManifest> {
  const manifestBytes = await fetchBytes('models/pocket/pack.json');
  const manifest = JSON.parse(new TextDecoder().decode(manifestBytes)) as PackManifest;
  const files = new Map<string, ArrayBuffer>();
  for (const { path } of manifest.files) files.set(path, await fetchBytes(`models/pocket/${path}`));
  await putPack(manifest, manifestBytes, files);
  return manifest;
}

async function run(modes: readonly EngineMode[]): Promise<ThreadsPageResult> {
  const api = wrap<InferenceApi>(new Worker(trustedScriptUrl('assets/inference-worker.js'), { type: 'module' }));
  const starts: (EngineInfo | string)[] = [];
  for (const mode of modes) {
    const started = await api.start(mode);
    starts.push(started.ok ? started.value : started.error.code);
  }
  const manifest = await storePack();
  const loaded = await api.load(manifest);
  const proof = loaded.ok ? await api.prove(manifest) : undefined;
  return {
    isolated: crossOriginIsolated,
    starts,
    ...(proof?.ok === true ? { proof: proof.value } : {}),
  };
}

const modes = (new URLSearchParams(location.search).get('modes') ?? '').split(',') as EngineMode[];
run(modes).then(
  (result) => (document.documentElement.dataset.result = JSON.stringify(result)),
  (error: unknown) => (document.documentElement.dataset.result = JSON.stringify({ error: String(error) })),
);
