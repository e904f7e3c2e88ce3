import { expect } from '@open-wc/testing';
import { AppError } from '../../../src/shared/app-error.ts';
import { compareVersions } from '../../../src/shared/compare-versions.ts';
import type { CatalogEntry } from '../../../src/shared/pack.ts';
import { bareId, identifyPack, isOfUnknownOrigin } from '../../../src/shared/pack-identity.ts';

const known: readonly CatalogEntry[] = [
  { id: 'pocket', version: '1.0.0', embedded: true, bytes: 1, sha256: 'aa' },
  { id: 'chester-v3', version: '1.0.0', embedded: false, bytes: 1, sha256: 'bb' },
  { id: 'site-net', version: '2.0.0', embedded: false, bytes: 1, sha256: 'cc' },
  { id: 'own-net', version: '1.0.0', embedded: true, bytes: 1, sha256: 'dd' },
];

function refusal(id: string, version: string, sha256: string): AppError {
  try {
    identifyPack({ id, version }, sha256, known);
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
  throw new Error(`${id} ${version} was taken`);
}

describe('pack-identity', () => {
  it('lets a pack keep its name where its manifest is the one that is named, bit for bit', () => {
    expect(identifyPack({ id: 'pocket', version: '1.0.0' }, 'aa', known)).to.deep.equal({
      id: 'pocket',
      version: '1.0.0',
      embedded: true,
    });
    expect(identifyPack({ id: 'chester-v3', version: '1.0.0' }, 'bb', known).embedded).to.equal(false);
    expect(identifyPack({ id: 'site-net', version: '2.0.0' }, 'cc', known).id).to.equal('site-net');
  });

  it('refuses embedded and published names on anything else, a higher version too', () => {
    const claims: readonly (readonly [string, string, string])[] = [
      ['pocket', '1.0.0', 'xx'],
      ['pocket', '9.0.0', 'aa'],
      ['pocket', '1.0.0', 'bb'],
      ['local/pocket', '1.0.0', 'aa'],
      ['chester-v3', '1.0.1', 'bb'],
      ['chester-ae', '1.0.0', 'xx'],
      ['densenet121-res224-all', '1.0.0', 'xx'],
      ['densenet121-res224-made-up', '1.0.0', 'xx'],
      ['own-net', '1.0.1', 'xx'],
    ];
    for (const [id, version, sha256] of claims) {
      const error = refusal(id, version, sha256);
      expect(error.code, `${id} ${version}`).to.equal('pack-name-reserved');
      expect(error.details).to.deep.equal({ pack: id, version });
    }
  });

  it('gives every other pack a name of its own', () => {
    for (const [id, given] of [
      ['ward', 'local/ward'],
      ['local/ward', 'local/ward'],
      ['site-net', 'local/site-net'],
      ['pocket-2', 'local/pocket-2'],
    ] as const) {
      const identity = identifyPack({ id, version: '1.0.0' }, 'xx', known);
      expect(identity).to.deep.equal({ id: given, version: '1.0.0', embedded: false });
      expect(isOfUnknownOrigin(identity.id)).to.equal(true);
      expect(bareId(identity.id)).to.equal(id.replace('local/', ''));
    }
  });
});

describe('compare-versions', () => {
  it('orders by number and not by letter', () => {
    const ordered = ['0.9.9', '1.0.0', '1.0.2', '1.0.10', '1.2.0', '1.10.0', '2.0.0', '10.0.0'];
    expect([...ordered].reverse().sort(compareVersions)).to.deep.equal(ordered);
    expect(compareVersions('1.2.3', '1.2.3')).to.equal(0);
  });
});
