import { expect } from '@open-wc/testing';
import { AppError } from '../../src/shared/app-error.ts';
import { sha256Hex } from '../../src/shared/sha256.ts';
import { useDatabase } from '../../src/storage/database.ts';
import {
  getPackRecord,
  listPackRecords,
  putPack,
  putPackFile,
  putPackRecord,
  readPack,
  readPackFile,
  removePack,
  setPackState,
  storedPaths,
} from '../../src/storage/packs.ts';
import { installedPack } from '../../src/storage/packs-in-use.ts';
import { deleteDatabase } from '../../src/storage/wipe.ts';
import { rejection } from '../support/rejection.ts';
import { samplePack } from '../support/sample-pack.ts';

const key = { id: 'sample', version: '1.0.0' };

async function storeSample(version = '1.0.0'): Promise<void> {
  const { manifest, manifestBytes, files } = await samplePack({ id: 'sample', version });
  await putPack(manifest, manifestBytes, files);
}

describe('packs in storage', () => {
  beforeEach(() => deleteDatabase());
  after(() => deleteDatabase());

  it('gives back what was stored, without pack.json', async () => {
    const { manifest, manifestBytes, files } = await samplePack(key);
    const record = await putPack(manifest, manifestBytes, files);
    expect(record.state).to.equal('stored');
    expect(record.totalBytes).to.equal(
      manifestBytes.byteLength + manifest.files.reduce((sum, file) => sum + file.bytes, 0),
    );
    expect(record.manifestSha256).to.equal(await sha256Hex(manifestBytes));

    const contents = await readPack(key);
    expect(contents.manifest).to.deep.equal(manifest);
    expect([...contents.files.keys()].sort()).to.deep.equal(manifest.files.map((file) => file.path).sort());
    for (const [path, bytes] of files) {
      expect(new Uint8Array(contents.files.get(path) ?? new ArrayBuffer(0))).to.deep.equal(new Uint8Array(bytes));
    }
  });

  it('finds each file that lost a bit at rest', async () => {
    await storeSample();
    for (const path of await storedPaths(key)) {
      const good = await readPackFile(key, path);
      if (good === undefined) throw new Error('stored above');
      const bad = good.slice(0);
      new Uint8Array(bad)[bad.byteLength >> 1]! ^= 1;
      await putPackFile(key, path, bad);
      const error = await rejection(readPack(key));
      expect(error.code).to.equal('pack-damaged');
      expect(error.details).to.deep.equal({ pack: 'sample@1.0.0', path });
      await putPackFile(key, path, good);
    }
    await readPack(key);
  });

  it('finds a file that is gone, and one that is no buffer any more', async () => {
    await storeSample();
    const path = 'weights-1.bin';
    await useDatabase((database) =>
      database.put('packFiles', 'text' as unknown as ArrayBuffer, ['sample', '1.0.0', path]),
    );
    expect((await rejection(readPack(key))).code).to.equal('pack-damaged');
    await useDatabase((database) => database.delete('packFiles', ['sample', '1.0.0', path]));
    expect((await rejection(readPack(key))).details).to.deep.equal({ pack: 'sample@1.0.0', path });
  });

  it('does not read what is not there or not complete', async () => {
    expect((await rejection(readPack(key))).code).to.equal('pack-missing');
    await storeSample();
    await setPackState(key, 'downloading');
    expect((await rejection(readPack(key))).code).to.equal('pack-missing');
  });

  it('changes a state and single fields, and takes a field away', async () => {
    await storeSample();
    await setPackState(key, 'rejected', { error: new AppError('known-answer-mismatch').toPlain() });
    expect((await getPackRecord(key))?.error?.code).to.equal('known-answer-mismatch');
    const changed = await setPackState(key, 'installed', { provenBy: 'simd 1', error: undefined });
    expect(changed).to.deep.equal(await getPackRecord(key));
    expect(changed.state).to.equal('installed');
    expect(changed.provenBy).to.equal('simd 1');
    expect('error' in changed).to.equal(false);
    expect((await rejection(setPackState({ id: 'sample', version: '9' }, 'installed'))).code).to.equal('pack-missing');
  });

  it('keeps versions apart, however alike their names', async () => {
    await storeSample('1.0.0');
    await storeSample('1.0.0-next');
    await storeSample('1.0.01');
    const paths = await storedPaths(key);
    expect(paths).to.have.lengthOf(5);
    await removePack(key);
    expect(await storedPaths(key)).to.deep.equal([]);
    expect((await listPackRecords()).map((record) => record.version)).to.deep.equal(['1.0.0-next', '1.0.01']);
    await readPack({ id: 'sample', version: '1.0.0-next' });
    await readPack({ id: 'sample', version: '1.0.01' });
  });

  it('storing a pack again leaves none of its old files', async () => {
    await storeSample();
    await putPackFile(key, 'of-an-older-build.bin', new ArrayBuffer(1));
    await storeSample();
    expect(await storedPaths(key)).to.not.include('of-an-older-build.bin');
  });

  it('names the installed pack of a role, the newest of two', async () => {
    expect(await installedPack('findings')).to.equal(undefined);
    await storeSample('1.0.0');
    await storeSample('2.0.0');
    expect(await installedPack('findings')).to.equal(undefined);
    await setPackState({ id: 'sample', version: '2.0.0' }, 'installed');
    const older = await setPackState(key, 'installed');
    await putPackRecord({ ...older, updatedAt: '2001-01-01T00:00:00.000Z' });
    expect((await installedPack('findings'))?.version).to.equal('2.0.0');
    expect(await installedPack('second-opinion')).to.equal(undefined);
  });
});
