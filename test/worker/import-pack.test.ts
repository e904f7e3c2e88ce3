import { expect } from '@open-wc/testing';
import { createDecodingClient } from '../../src/app/decoding-client.ts';
import { AppError } from '../../src/shared/app-error.ts';
import type { CatalogEntry } from '../../src/shared/pack.ts';
import { sha256Hex } from '../../src/shared/sha256.ts';
import { installVersion } from '../../src/storage/pack-versions.ts';
import {
  getPackRecord,
  listPackRecords,
  putPackFile,
  putPackRecord,
  readPack,
  storedPaths,
} from '../../src/storage/packs.ts';
import { deleteDatabase } from '../../src/storage/wipe.ts';
import { archivedFiles, zipOf } from '../support/hostile-archives.ts';
import { rejection } from '../support/rejection.ts';
import { samplePack, type SamplePack } from '../support/sample-pack.ts';

/** Made by `node build.mjs --test`. */
const client = createDecodingClient(new URL('/dist/test/assets/decode-worker.js', location.href).href);
const silent = { onBytes: () => undefined, onIdentity: () => undefined };

async function fileOf(pack: SamplePack): Promise<File> {
  return new File([await zipOf(archivedFiles(pack))], 'x.chesterpack');
}

async function entryOf({ manifest, manifestBytes }: SamplePack): Promise<CatalogEntry> {
  const { id, version } = manifest;
  return { id, version, embedded: true, bytes: 1, sha256: await sha256Hex(manifestBytes) };
}

describe('importing a pack file in the decode worker', () => {
  const key = { id: 'local/sample', version: '1.0.0' };
  let pack: SamplePack;

  before(async () => {
    pack = await samplePack({ id: 'sample', version: '1.0.0' });
  });
  beforeEach(() => deleteDatabase());
  after(() => deleteDatabase());

  it('stores every file, tells how far it is and who it is, and is not installed yet', async () => {
    const file = await fileOf(pack);
    const seen: number[] = [];
    const identities: unknown[] = [];
    const imported = await client.importPack(file, [], {
      onBytes: (received) => seen.push(received),
      onIdentity: (identity) => void identities.push(identity),
    });
    expect(imported).to.deep.equal({ ...key, alreadyHere: false });
    expect(identities).to.deep.equal([key]);
    expect(seen.at(-1)).to.equal(file.size);
    const record = await getPackRecord(key);
    expect([record?.state, record?.optional, record?.fromFile]).to.deep.equal(['stored', true, undefined]);
    const { manifest, files } = await readPack(key);
    expect(manifest.id).to.equal('local/sample');
    for (const [path, bytes] of pack.files) expect(files.get(path)).to.deep.equal(bytes);
  });

  it('says that exactly this is installed, and touches nothing', async () => {
    const file = await fileOf(pack);
    await client.importPack(file, [], silent);
    const installed = await installVersion(key, 'simd');
    expect((await client.importPack(file, [], silent)).alreadyHere).to.equal(true);
    expect(await getPackRecord(key)).to.deep.equal(installed);
  });

  it('mends what rotted at rest', async () => {
    const file = await fileOf(pack);
    await client.importPack(file, [], silent);
    await installVersion(key, 'simd');
    await putPackFile(key, 'weights-2.bin', new ArrayBuffer(4_000));
    expect((await rejection(readPack(key))).code).to.equal('pack-damaged');
    expect((await client.importPack(file, [], silent)).alreadyHere).to.equal(false);
    await readPack(key);
  });

  it('refuses other content under the same version, and keeps what is there', async () => {
    await client.importPack(await fileOf(pack), [], silent);
    await installVersion(key, 'simd');
    const other = await samplePack({ ...pack.manifest, shards: 3 });
    expect((await rejection(client.importPack(await fileOf(other), [], silent))).code).to.equal('pack-same-version');
    expect((await readPack(key)).files.size).to.equal(pack.files.size);
  });

  it('a file that breaks off leaves nothing, and a download of the same pack as it was', async () => {
    const whole = new Uint8Array(await (await fileOf(pack)).arrayBuffer());
    const half = new File([whole.subarray(0, whole.length - 200)], 'half.chesterpack');
    const error = await rejection(client.importPack(half, [], silent));
    expect([error.code, error.details['reason']]).to.deep.equal(['pack-file-invalid', 'cut-off']);
    expect(await listPackRecords()).to.deep.equal([]);
    expect(await storedPaths(key)).to.deep.equal([]);

    const known = [await entryOf(pack)];
    const own = { id: 'sample', version: '1.0.0' };
    const begun = {
      ...own,
      state: 'downloading',
      manifestSha256: known[0]!.sha256,
      receivedBytes: 0,
      totalBytes: 9,
    } as const;
    await putPackRecord({ ...begun, updatedAt: '' });
    await rejection(client.importPack(half, known, silent));
    expect((await getPackRecord(own))?.state).to.equal('downloading');
    // What arrived is right, and need not come again.
    expect(await storedPaths(own)).to.include('weights-1.bin');
    expect((await client.importPack(await fileOf(pack), known, silent)).id).to.equal('sample');
    expect((await getPackRecord(own))?.state).to.equal('stored');
    await readPack(own);
  });

  it('Cancel ends it, whatever it does', async () => {
    const controller = new AbortController();
    const importing = client.importPack(await fileOf(pack), [], {
      signal: controller.signal,
      onBytes: () => undefined,
      // The worker waits for this answer, which never comes.
      onIdentity: () => new Promise(() => controller.abort()),
    });
    expect((await rejection(importing)).code).to.equal('cancelled');
    expect(await listPackRecords()).to.deep.equal([]);
  });

  it('refuses a reserved name before anything is stored', async () => {
    const claiming = await samplePack({ id: 'pocket', version: '9.0.0' });
    const error = await rejection(client.importPack(await fileOf(claiming), [], silent));
    expect(error).to.be.instanceOf(AppError);
    expect(error.code).to.equal('pack-name-reserved');
    expect(await listPackRecords()).to.deep.equal([]);
  });
});
