import { expect } from '@open-wc/testing';
import { AppError } from '../../src/shared/app-error.ts';
import type { PackManifest } from '../../src/shared/pack.ts';
import {
  answeringVersion,
  beginVersion,
  installVersion,
  previousVersion,
  removeAbandonedFiles,
  removeVersions,
  rollBackVersion,
} from '../../src/storage/pack-versions.ts';
import { withPackLock } from '../../src/storage/pack-lock.ts';
import {
  choosePack,
  dropBrokenChoices,
  installedPack,
  packsInUse,
  unchoosePack,
} from '../../src/storage/packs-in-use.ts';
import {
  getPackRecord,
  listPackRecords,
  putPack,
  putPackFile,
  putPackRecord,
  readPack,
  setPackState,
  storedPaths,
} from '../../src/storage/packs.ts';
import { getSetting } from '../../src/storage/settings.ts';
import { deleteDatabase } from '../../src/storage/wipe.ts';
import { rejection } from '../support/rejection.ts';
import { samplePack } from '../support/sample-pack.ts';

async function store(id: string, version: string): Promise<{ readonly id: string; readonly version: string }> {
  const { manifest, manifestBytes, files } = await samplePack({ id, version });
  const record = await putPack(manifest, manifestBytes, files);
  if (id.startsWith('local/')) await putPackRecord({ ...record, optional: true });
  return { id, version };
}

async function install(id: string, version: string): Promise<void> {
  await installVersion(await store(id, version), 'simd');
}

async function versions(id: string): Promise<(string | undefined)[]> {
  const records = await listPackRecords();
  return [answeringVersion(records, id)?.version, previousVersion(records, id)?.version];
}

describe('versions of a pack', () => {
  beforeEach(() => deleteDatabase());
  after(() => deleteDatabase());

  it('keep the one before, and only that one', async () => {
    await install('sample', '1.0.0');
    expect(await versions('sample')).to.deep.equal(['1.0.0', undefined]);
    await install('sample', '1.1.0');
    expect(await versions('sample')).to.deep.equal(['1.1.0', '1.0.0']);
    await install('sample', '1.2.0');
    expect(await versions('sample')).to.deep.equal(['1.2.0', '1.1.0']);
    expect(await getPackRecord({ id: 'sample', version: '1.0.0' })).to.equal(undefined);
    expect(await storedPaths({ id: 'sample', version: '1.0.0' })).to.deep.equal([]);
    // Another tab has proven the same.
    await installVersion({ id: 'sample', version: '1.2.0' }, 'simd');
    expect(await versions('sample')).to.deep.equal(['1.2.0', '1.1.0']);
  });

  it('leave the old one answering until the new one is installed, and clear away what was rejected', async () => {
    await install('sample', '1.0.0');
    const next = await store('sample', '1.1.0');
    await setPackState(next, 'proving');
    expect(await versions('sample')).to.deep.equal(['1.0.0', undefined]);
    await setPackState(next, 'rejected');
    expect((await installedPack('findings'))?.version).to.equal('1.0.0');
    await install('sample', '1.2.0');
    expect((await listPackRecords()).map(({ version }) => version)).to.deep.equal(['1.0.0', '1.2.0']);
  });

  it('go back in one step, and remember from which', async () => {
    await install('sample', '1.0.0');
    await install('sample', '1.10.0');
    await rollBackVersion('sample');
    expect(await versions('sample')).to.deep.equal(['1.0.0', undefined]);
    expect(await storedPaths({ id: 'sample', version: '1.10.0' })).to.deep.equal([]);
    expect(await getSetting('rolledBack')).to.deep.equal({ sample: '1.10.0' });
    await readPack({ id: 'sample', version: '1.0.0' });
    const error = await rejection(rollBackVersion('sample'));
    expect([error.code, error.details['reason']]).to.deep.equal(['pack-missing', 'no-previous-version']);

    // An older one than that is no answer to it; the very one, asked for, or a newer one is.
    await install('sample', '1.9.0');
    expect(await getSetting('rolledBack')).to.deep.equal({ sample: '1.10.0' });
    await install('sample', '1.10.0');
    expect(await getSetting('rolledBack')).to.deep.equal({});
  });

  it('go back from one that is damaged or rejected too', async () => {
    await install('sample', '1.0.0');
    await install('sample', '1.1.0');
    await setPackState({ id: 'sample', version: '1.1.0' }, 'rejected');
    await rollBackVersion('sample');
    expect(await versions('sample')).to.deep.equal(['1.0.0', undefined]);
    expect(await getSetting('rolledBack')).to.deep.equal({ sample: '1.1.0' });
  });

  it('are not installed when they were removed while they were proven', async () => {
    const key = await store('sample', '1.0.0');
    await removeVersions('sample');
    expect((await rejection(installVersion(key, 'simd'))).code).to.equal('pack-missing');
    expect(await listPackRecords()).to.deep.equal([]);
  });

  it('are all removed, with the choice, and nobody else’s', async () => {
    await install('local/a', '1.0.0');
    await install('local/a', '1.1.0');
    await install('local/ab', '1.0.0');
    await choosePack('local/a');
    await removeVersions('local/a');
    expect((await listPackRecords()).map(({ id }) => id)).to.deep.equal(['local/ab']);
    expect(await storedPaths({ id: 'local/ab', version: '1.0.0' })).to.have.lengthOf(5);
    expect(await packsInUse()).to.deep.equal({});
  });

  it('of the app’s own helper, removed, do not come back by themselves until they are asked for', async () => {
    await install('lungs', '1.0.0');
    const record = await getPackRecord({ id: 'lungs', version: '1.0.0' });
    const manifest = { ...record?.manifest, role: 'lungs' } as PackManifest;
    await setPackState({ id: 'lungs', version: '1.0.0' }, 'installed', { manifest });
    expect((await installedPack('lungs'))?.id).to.equal('lungs');
    await removeVersions('lungs');
    expect(await getSetting('rolledBack')).to.deep.equal({ lungs: '1.0.0' });
    await install('lungs', '1.0.0');
    expect(await getSetting('rolledBack')).to.deep.equal({});
  });

  it('that were abandoned half way are cleared, but not while somebody writes them', async () => {
    const { manifest } = await samplePack({ id: 'local/a', version: '1.0.0' });
    const key = { id: 'local/a', version: '1.0.0' };
    const half = {
      ...key,
      state: 'downloading',
      manifest,
      manifestSha256: '',
      receivedBytes: 0,
      totalBytes: 1,
    } as const;
    await beginVersion({ ...half, fromFile: true, updatedAt: new Date().toISOString() });
    await putPackFile(key, 'weights-1.bin', new ArrayBuffer(8));
    await putPackRecord({ ...half, id: 'sample', updatedAt: new Date().toISOString() });
    let release = (): void => undefined;
    const writing = withPackLock('local/a', undefined, () => new Promise<void>((resolve) => (release = resolve)));
    const clearing = removeAbandonedFiles();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await storedPaths(key)).to.deep.equal(['weights-1.bin']);
    release();
    await Promise.all([writing, clearing]);
    expect(await storedPaths(key)).to.deep.equal([]);
    // A download of the service worker can be resumed: it stays.
    expect((await listPackRecords()).map(({ id }) => id)).to.deep.equal(['sample']);
  });

  it('a pack of unknown origin is read under the id that this device gave it', async () => {
    const { manifest, manifestBytes, files } = await samplePack({ id: 'ward', version: '1.0.0' });
    await putPack({ ...manifest, id: 'local/ward' }, manifestBytes, files);
    expect((await readPack({ id: 'local/ward', version: '1.0.0' })).manifest).to.deep.equal({
      ...manifest,
      id: 'local/ward',
    });
  });
});

describe('the pack that answers', () => {
  beforeEach(() => deleteDatabase());
  after(() => deleteDatabase());

  it('is the app’s own until another one is chosen, and again when that choice ends', async () => {
    await install('sample', '1.0.0');
    await install('local/ward', '1.0.0');
    expect((await installedPack('findings'))?.id).to.equal('sample');
    await choosePack('local/ward');
    expect((await installedPack('findings'))?.id).to.equal('local/ward');
    await install('local/ward', '1.1.0');
    expect((await installedPack('findings'))?.version).to.equal('1.1.0');
    await unchoosePack('local/ward');
    expect((await installedPack('findings'))?.id).to.equal('sample');
  });

  it('is never one that nobody chose, and none is chosen that is not installed', async () => {
    await install('local/ward', '1.0.0');
    expect(await installedPack('findings')).to.equal(undefined);
    expect((await rejection(choosePack('local/other'))).code).to.equal('pack-missing');
    await setPackState({ id: 'local/ward', version: '1.0.0' }, 'rejected');
    expect((await rejection(choosePack('local/ward'))).code).to.equal('pack-missing');
    expect(await packsInUse()).to.deep.equal({});
  });

  it('is the app’s own again where the chosen one broke, and the choice is given up once', async () => {
    await install('sample', '1.0.0');
    await install('local/ward', '1.0.0');
    await choosePack('local/ward');
    expect(await dropBrokenChoices()).to.deep.equal([]);
    const error = new AppError('pack-damaged').toPlain();
    await setPackState({ id: 'local/ward', version: '1.0.0' }, 'rejected', { error });
    expect((await installedPack('findings'))?.id).to.equal('sample');
    expect(await dropBrokenChoices()).to.deep.equal(['local/ward']);
    expect(await dropBrokenChoices()).to.deep.equal([]);
    expect(await packsInUse()).to.deep.equal({});
  });

  it('a broken choice is kept where nothing could answer in its place', async () => {
    await install('local/ward', '1.0.0');
    await choosePack('local/ward');
    await setPackState({ id: 'local/ward', version: '1.0.0' }, 'rejected');
    expect(await dropBrokenChoices()).to.deep.equal([]);
    expect(await packsInUse()).to.deep.equal({ findings: 'local/ward' });
  });

  it('is the app’s own version before where the newer one is damaged', async () => {
    await install('sample', '1.0.0');
    await install('sample', '1.1.0');
    await setPackState({ id: 'sample', version: '1.1.0' }, 'downloading');
    expect((await installedPack('findings'))?.version).to.equal('1.0.0');
  });
});
