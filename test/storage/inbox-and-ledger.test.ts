import { expect } from '@open-wc/testing';
import { putSharedFiles, takeSharedFiles } from '../../src/storage/inbox.ts';
import { clearLedger, readLedger, recordRequest, recordRequests } from '../../src/storage/ledger.ts';
import { deleteDatabase } from '../../src/storage/wipe.ts';
import { rejection } from '../support/rejection.ts';

const file = (name: string) => ({ name, type: 'image/png', bytes: new TextEncoder().encode(name).buffer });

describe('the inbox', () => {
  before(() => deleteDatabase());
  after(() => deleteDatabase());

  it('gives each shared file once, in the order of arrival', async () => {
    await putSharedFiles([file('a.png'), file('b.png')]);
    await putSharedFiles([file('c.png')]);
    const [first, second] = await Promise.all([takeSharedFiles(), takeSharedFiles()]);
    expect([...first, ...second].map(({ name }) => name)).to.deep.equal(['a.png', 'b.png', 'c.png']);
    expect(first.length === 0 || second.length === 0, 'one of the two takes all').to.equal(true);
    expect(new TextDecoder().decode([...first, ...second][2]?.bytes)).to.equal('c.png');
    expect(await takeSharedFiles()).to.deep.equal([]);
  });

  it('stores all of a share or nothing', async () => {
    const broken = { ...file('bad.png'), bytes: (() => undefined) as unknown as ArrayBuffer };
    expect((await rejection(putSharedFiles([file('good.png'), broken]))).code).to.equal('storage-failed');
    expect(await takeSharedFiles()).to.deep.equal([]);
  });
});

describe('the ledger', () => {
  beforeEach(() => deleteDatabase());
  after(() => deleteDatabase());

  it('adds up by method and address, also when written at the same time', async () => {
    const get = { method: 'GET', address: './', sameOrigin: true };
    const foreign = { method: 'POST', address: 'https://elsewhere.example/', sameOrigin: false };
    await Promise.all([recordRequest(get), recordRequests([get, foreign, get]), recordRequest(get)]);
    const entries = await readLedger();
    expect(
      entries.map(({ method, address, count, sameOrigin }) => ({ method, address, count, sameOrigin })),
    ).to.have.deep.members([
      { ...get, count: 4 },
      { ...foreign, count: 1 },
    ]);
    for (const entry of entries) expect(Date.parse(entry.lastAt)).to.be.closeTo(Date.now(), 10_000);
    await clearLedger();
    expect(await readLedger()).to.deep.equal([]);
  });

  it('does not keep addresses of any length', async () => {
    await recordRequest({ method: 'GET', address: `./${'x'.repeat(10_000)}`, sameOrigin: true });
    expect((await readLedger())[0]?.address.length).to.be.lessThan(1_000);
  });
});
