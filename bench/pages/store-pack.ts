import type { PackKey } from '../../src/shared/messages.ts';
import type { PackManifest } from '../../src/shared/pack.ts';
import { putPack } from '../../src/storage/packs.ts';

async function fetchBytes(path: string): Promise<ArrayBuffer> {
  return (await fetch(path)).arrayBuffer();
}

/** A pack of the bench's site into storage, as the app keeps it. */
export async function storePack(folder: string): Promise<PackKey> {
  const manifestBytes = await fetchBytes(`${folder}/pack.json`);
  const manifest = JSON.parse(new TextDecoder().decode(manifestBytes)) as PackManifest;
  const files = new Map<string, ArrayBuffer>();
  for (const { path } of manifest.files) files.set(path, await fetchBytes(`${folder}/${path}`));
  await putPack(manifest, manifestBytes, files);
  return { id: manifest.id, version: manifest.version };
}
