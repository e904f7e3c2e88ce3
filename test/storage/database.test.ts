import { expect } from '@open-wc/testing';
import { databaseName, databaseVersion, openDatabase, useDatabase } from '../../src/storage/database.ts';
import { getSetting, setSetting } from '../../src/storage/settings.ts';
import { deleteDatabase } from '../../src/storage/wipe.ts';
import { rejection } from '../support/rejection.ts';

/** The database as another tab of any version would open it, without our module. */
function openRaw(version: number, onVersionChange: (database: IDBDatabase) => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, version);
    request.onerror = () => reject(new Error(request.error?.message));
    request.onsuccess = () => {
      request.result.onversionchange = () => onVersionChange(request.result);
      resolve(request.result);
    };
  });
}

describe('the database', () => {
  beforeEach(() => deleteDatabase());
  after(() => deleteDatabase());

  it('is opened once a thread', async () => {
    expect(openDatabase()).to.equal(openDatabase());
    expect((await openDatabase()).version).to.equal(databaseVersion);
  });

  it('keeps settings by name, and forgets them', async () => {
    expect(await getSetting('theme')).to.equal(undefined);
    await setSetting('theme', 'dark');
    await setSetting('acceptedNotice', { at: '2025-01-01T00:00:00Z', version: '1' });
    expect(await getSetting('theme')).to.equal('dark');
    await setSetting('theme', undefined);
    expect(await getSetting('theme')).to.equal(undefined);
    expect((await getSetting('acceptedNotice'))?.version).to.equal('1');
  });

  it('opens again when its connection was closed under it', async () => {
    await setSetting('language', 'fr');
    (await openDatabase()).close();
    expect(await getSetting('language')).to.equal('fr');
  });

  it('lets another tab delete it, and begins anew', async () => {
    await setSetting('language', 'fr');
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.deleteDatabase(databaseName);
      request.onsuccess = () => resolve();
      request.onerror = () => reject(new Error('not deleted'));
    });
    expect(await getSetting('language')).to.equal(undefined);
  });

  it('lets a newer version of the app upgrade it, and then says so', async () => {
    await setSetting('language', 'fr');
    const newer = await openRaw(databaseVersion + 1, (database) => database.close());
    const error = await rejection(getSetting('language'));
    expect(error.code).to.equal('storage-newer-version');
    newer.close();
    expect((await rejection(openDatabase())).code).to.equal('storage-newer-version');
  });

  it('says that a deletion is blocked by a tab that does not let go', async () => {
    await openDatabase();
    const stubborn = await openRaw(databaseVersion, () => undefined);
    const error = await rejection(deleteDatabase(200));
    expect(error.code).to.equal('storage-failed');
    expect(error.details).to.deep.equal({ reason: 'blocked' });
    stubborn.close();
  });

  it('turns what IndexedDB throws into errors of ours', async () => {
    const uncloneable = rejection(useDatabase((database) => database.put('settings', (() => 1) as never, 'theme')));
    expect((await uncloneable).code).to.equal('storage-failed');
    const full = rejection(useDatabase(() => Promise.reject(new DOMException('no room', 'QuotaExceededError'))));
    expect((await full).code).to.equal('storage-full');
  });
});
