import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../src/shared/app-error.ts';
import type { FindingsManifest, PackContents, PackManifest, PackRole } from '../../src/shared/pack.ts';
import { sha256Hex } from '../../src/shared/sha256.ts';
import { validateCatalog, validatePack } from '../../src/storage/validate-pack.ts';

/**
 * The embedded findings pack of a `models/` folder, every file checked against its SHA-256.
 *
 * @throws AppError `pack-missing`, `catalog-invalid`, `pack-invalid`, `pack-hash-mismatch`, `pack-damaged`
 */
export async function loadFindingsPack(modelsFolder: string): Promise<PackContents<FindingsManifest>> {
  const pack = await loadEmbeddedPack(modelsFolder, 'findings');
  if (pack === undefined) throw new AppError('pack-missing', { pack: 'findings' });
  return pack;
}

/**
 * The embedded pack of any role; `undefined` where there is none.
 *
 * @throws AppError as `loadFindingsPack`
 */
export async function loadEmbeddedPack<Role extends PackRole>(
  modelsFolder: string,
  role: Role,
): Promise<PackContents<Extract<PackManifest, { readonly role: Role }>> | undefined> {
  const catalogBytes = await readBytes(join(modelsFolder, 'catalog.json'), 'catalog');
  const catalog = validateCatalog(parseJson(catalogBytes, 'catalog-invalid'));
  for (const entry of catalog.packs) {
    if (!entry.embedded) continue;
    const folder = join(modelsFolder, entry.id);
    const bytes = await readBytes(join(folder, 'pack.json'), entry.id);
    if ((await sha256Hex(bytes)) !== entry.sha256) {
      throw new AppError('pack-hash-mismatch', { pack: entry.id, path: 'pack.json' });
    }
    const manifest = validatePack(parseJson(bytes, 'pack-invalid'));
    if (hasRole(manifest, role)) return { manifest, files: await readPackFiles(folder, manifest) };
  }
  return undefined;
}

function hasRole<Role extends PackRole>(
  manifest: PackManifest,
  role: Role,
): manifest is Extract<PackManifest, { readonly role: Role }> {
  return manifest.role === role;
}

/**
 * One pack's folder, every file checked against its SHA-256.
 *
 * @throws AppError `pack-missing`, `pack-invalid`, `pack-damaged`
 */
export async function readPackFolder(folder: string): Promise<PackContents> {
  const manifest = validatePack(parseJson(await readBytes(join(folder, 'pack.json'), folder), 'pack-invalid'));
  return { manifest, files: await readPackFiles(folder, manifest) };
}

async function readPackFiles(folder: string, manifest: PackManifest): Promise<ReadonlyMap<string, ArrayBuffer>> {
  const files = new Map<string, ArrayBuffer>();
  for (const { path, sha256 } of manifest.files) {
    const bytes = await readBytes(join(folder, path), manifest.id);
    if ((await sha256Hex(bytes)) !== sha256) throw new AppError('pack-damaged', { pack: manifest.id, path });
    files.set(path, bytes.buffer);
  }
  return files;
}

function parseJson(bytes: Uint8Array, code: 'catalog-invalid' | 'pack-invalid'): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (thrown) {
    throw new AppError(code, {}, thrown);
  }
}

async function readBytes(path: string, pack: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    // Copied: small files share Node's pool, and a pack's files are passed on as whole ArrayBuffers.
    return Uint8Array.from(await readFile(path));
  } catch (thrown) {
    throw new AppError('pack-missing', { pack, path }, thrown);
  }
}
