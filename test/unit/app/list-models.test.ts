import { expect } from '@open-wc/testing';
import { listModels, type ModelFacts } from '../../../src/app/list-models.ts';
import { AppError } from '../../../src/shared/app-error.ts';
import type { CatalogEntry, PackManifest, PackState } from '../../../src/shared/pack.ts';
import type { PackRecord } from '../../../src/storage/packs.ts';
import { samplePack } from '../../support/sample-pack.ts';

let manifest: PackManifest;

function record(id: string, version: string, state: PackState, more: Partial<PackRecord> = {}): PackRecord {
  const parts = { manifest: { ...manifest, id, version }, manifestSha256: `${id}-${version}` };
  const isOptional = id === 'pocket' ? {} : { optional: true as const };
  return {
    id,
    version,
    state,
    ...parts,
    receivedBytes: 10,
    totalBytes: 20,
    updatedAt: version,
    ...isOptional,
    ...more,
  };
}

function offer(id: string, version: string, embedded = false): CatalogEntry {
  return { id, version, embedded, bytes: 20, sha256: `${id}-${version}` };
}

function facts(changes: Partial<ModelFacts>): ModelFacts {
  const nothing = { records: [], choices: {}, catalog: [], own: [offer('pocket', '1.0.0', true)] };
  return { ...nothing, offeredManifests: new Map(), activities: new Map(), ...changes };
}

describe('list-models', () => {
  before(async () => {
    ({ manifest } = await samplePack({ id: 'sample', version: '1.0.0' }));
  });

  it('lists the app’s own first, then what is installed, then what is offered', () => {
    const models = listModels(
      facts({
        records: [record('local/a', '1.0.0', 'installed'), record('pocket', '1.0.0', 'installed')],
        catalog: [offer('pocket', '1.0.0', true), offer('chester-v3', '1.0.0')],
      }),
    );
    expect(models.map(({ id, origin, inUse }) => [id, origin, inUse])).to.deep.equal([
      ['pocket', 'embedded', true],
      ['local/a', 'unknown', false],
      ['chester-v3', 'unverified', false],
    ]);
    expect(models[0]?.offered).to.equal(undefined);
    expect(models[2]?.offered).to.deep.equal({ version: '1.0.0', bytes: 20 });
    expect(models[2]?.role).to.equal(undefined);
  });

  it('knows what is only offered by its manifest, where that was read', () => {
    const origin = { status: 'published', model: 'chester-v3', files: [] } as const;
    const offered: PackManifest = { ...manifest, id: 'chester-v3', origin };
    const [model] = listModels(
      facts({
        catalog: [offer('chester-v3', '1.0.0')],
        offeredManifests: new Map([['chester-v3-1.0.0', offered]]),
      }),
    );
    expect([model?.role, model?.origin]).to.deep.equal(['findings', 'published']);
    expect(model?.offered?.manifest).to.equal(offered);
  });

  it('a name alone makes nothing published: a file of unknown origin may claim anything', () => {
    const origin = { status: 'published', model: 'chester-v3', files: [] } as const;
    const claims = record('local/a', '1.0.0', 'installed', { manifest: { ...manifest, id: 'local/a', origin } });
    expect(listModels(facts({ records: [claims] }))[0]?.origin).to.equal('unknown');
  });

  it('shows an update beside what it replaces, and the difference afterwards', () => {
    const before = record('local/a', '1.0.0', 'installed', { superseded: true });
    const after = record('local/a', '1.1.0', 'installed');
    const [model] = listModels(facts({ records: [before, after], choices: { findings: 'local/a' } }));
    expect([model?.installed?.version, model?.previous?.version, model?.inUse]).to.deep.equal(['1.1.0', '1.0.0', true]);
    expect(model?.difference?.findingsAdded).to.deep.equal([]);
    const [updatable] = listModels(
      facts({ records: [record('x', '1.0.0', 'installed')], catalog: [offer('x', '1.1.0')] }),
    );
    expect([updatable?.installed?.version, updatable?.offered?.version]).to.deep.equal(['1.0.0', '1.1.0']);
  });

  it('tells from the records what nobody in this page works on', () => {
    const activity = (state: PackState, more: Partial<PackRecord> = {}): unknown =>
      listModels(facts({ records: [record('x', '1.0.0', state, more)] }))[0]?.activity;
    const error = new AppError('download-failed').toPlain();
    expect(activity('downloading')).to.deep.equal({ kind: 'paused', receivedBytes: 10, totalBytes: 20 });
    expect(activity('downloading', { error })).to.deep.equal({
      kind: 'paused',
      receivedBytes: 10,
      totalBytes: 20,
      error,
    });
    const cancelled = new AppError('cancelled').toPlain();
    expect(activity('downloading', { error: cancelled })).to.deep.equal({
      kind: 'paused',
      receivedBytes: 10,
      totalBytes: 20,
    });
    expect(activity('stored')).to.deep.equal({ kind: 'proving' });
    expect(activity('rejected', { error })).to.deep.equal({ kind: 'failed', error });
    expect(activity('installed')).to.deep.equal({ kind: 'none' });
  });

  it('says nothing of half a file', () => {
    expect(
      listModels(facts({ records: [record('local/a', '1.0.0', 'downloading', { fromFile: true })] })),
    ).to.deep.equal([]);
  });
});
