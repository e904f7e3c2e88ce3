import { expect } from '@open-wc/testing';
import { diffPacks } from '../../../src/shared/diff-packs.ts';
import type { FindingsManifest, PackFinding } from '../../../src/shared/pack.ts';

const finding = (id: string, score: number, auc?: number): PackFinding => ({
  id,
  operatingPoints: { digital: { score, rule: 'youden' } },
  ...(auc === undefined
    ? {}
    : { auc: { value: auc, interval95: [auc - 0.05, auc + 0.05], positives: 9, testSet: 'x' } }),
  grade: (auc ?? 0) > 0.8 ? 'strong' : 'weak',
  bias: 0,
});

function pack(findings: readonly PackFinding[], change: Partial<FindingsManifest> = {}): FindingsManifest {
  return {
    formatVersion: 1,
    id: 'a',
    version: '1.0.0',
    role: 'findings',
    title: 'A',
    summary: 'a',
    licence: 'Apache-2.0',
    sources: [],
    citations: [],
    input: { width: 224, height: 224, channels: 1, geometry: 'crop-resize', range: [-1, 1] },
    outputs: { logits: 'l', maps: 'm', features: 'f' },
    findings,
    calibrated: false,
    weights: { shards: ['weights-01.bin'], entries: [] },
    files: [{ path: 'weights-01.bin', bytes: 1, sha256: 'a'.repeat(64) }],
    ...change,
  };
}

describe('diff-packs', () => {
  it('finds nothing between a pack and itself', () => {
    const same = pack([finding('Mass', 0.2, 0.7)]);
    expect(diffPacks(same, structuredClone(same))).to.deep.equal({
      findingsAdded: [],
      findingsRemoved: [],
      thresholds: [],
      auc: [],
      grades: [],
      inputChanged: false,
      weightsChanged: false,
    });
  });

  it('names findings, thresholds, AUC and grades that changed', () => {
    const old = pack([finding('Mass', 0.2, 0.7), finding('Nodule', 0.1), finding('Edema', 0.3, 0.9)]);
    const fresh = pack([finding('Mass', 0.25, 0.82), finding('Nodule', 0.1, 0.6), finding('Hernia', 0.1)]);
    const difference = diffPacks(old, fresh);
    expect(difference.findingsAdded).to.deep.equal(['Hernia']);
    expect(difference.findingsRemoved).to.deep.equal(['Edema']);
    expect(difference.thresholds).to.deep.equal([{ id: 'Mass', from: 0.2, to: 0.25 }]);
    expect(difference.auc).to.deep.equal([
      { id: 'Mass', from: 0.7, to: 0.82 },
      { id: 'Nodule', to: 0.6 },
    ]);
    expect(difference.grades).to.deep.equal([{ id: 'Mass', from: 'weak', to: 'strong' }]);
  });

  it('tells another input and other weights', () => {
    const old = pack([finding('Mass', 0.2)]);
    const geometry = pack([finding('Mass', 0.2)], { input: { ...old.input, geometry: 'resize-crop' } });
    expect(diffPacks(old, geometry)).to.include({ inputChanged: true, weightsChanged: false });
    const weights = pack([finding('Mass', 0.2)], {
      files: [{ path: 'weights-01.bin', bytes: 1, sha256: 'b'.repeat(64) }],
    });
    expect(diffPacks(old, weights)).to.include({ inputChanged: false, weightsChanged: true });
  });
});
