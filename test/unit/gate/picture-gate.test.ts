import { expect } from '@open-wc/testing';
import { gateOnPicture } from '../../../src/inference/gate/picture-gate.ts';
import { gateOutputs, type GateManifest } from '../../../src/shared/pack.ts';

const limits = { refuseKind: 0.95, warnKind: 0.5, turned: 0.9, inverted: 0.9, mirrored: 0.8, child: 0.8 };
const manifest = { id: 'gate', version: '1.0.0', limits } as GateManifest;

type Output = (typeof gateOutputs)[number];

/** An upright frontal chest X-ray of an adult, but for what is said. */
function judge(logits: Partial<Record<Output, number>>) {
  const chest: Partial<Record<Output, number>> = { frontal: 6, upright: 6, inverted: -6, mirrored: -6, child: -6 };
  const values = Float32Array.from(gateOutputs, (output) => ({ ...chest, ...logits })[output] ?? 0);
  return gateOnPicture(values, manifest).map(({ code, severity }) => `${severity} ${code}`);
}

describe('the trained gate', () => {
  it('has nothing to say of an upright frontal chest X-ray', () => {
    expect(judge({})).to.deep.equal([]);
  });

  it('refuses what is surely another kind, by what it most likely is, and asks no more', () => {
    expect(judge({ lateral: 12 })).to.deep.equal(['refuse lateral']);
    expect(judge({ 'other-radiograph': 12, 'rotated-90': 20 })).to.deep.equal(['refuse other-body-part']);
    expect(judge({ slice: 12 })).to.deep.equal(['refuse other-modality']);
    expect(judge({ picture: 12, inverted: 20 })).to.deep.equal(['refuse not-an-xray']);
  });

  it('warns where it is likelier another kind than not, and of how it would lie', () => {
    expect(judge({ lateral: 7 })).to.deep.equal(['warn lateral']);
    expect(judge({ lateral: 7, inverted: 6 })).to.deep.equal(['warn lateral', 'refuse inverted']);
    // Several kinds that are each less likely than a frontal one.
    expect(judge({ frontal: 1, lateral: 0.9, slice: 0.8, picture: 0.7 })).to.deep.equal(['warn lateral']);
  });

  it('refuses what is surely turned or inverted, and names the turn', () => {
    expect(judge({ 'rotated-90': 12 })).to.deep.equal(['refuse rotated-90']);
    expect(judge({ 'rotated-180': 12 })).to.deep.equal(['refuse rotated-180']);
    expect(judge({ 'rotated-270': 12 })).to.deep.equal(['refuse rotated-270']);
    expect(judge({ inverted: 6 })).to.deep.equal(['refuse inverted']);
    expect(judge({ 'rotated-90': 7, inverted: 1 })).to.deep.equal([]);
  });

  it('only ever warns of mirrored pictures and of children', () => {
    expect(judge({ mirrored: 20, child: 20 })).to.deep.equal(['warn mirrored', 'warn child']);
    expect(judge({ mirrored: 20, child: 20, 'rotated-180': 12 })).to.deep.equal(['refuse rotated-180', 'warn child']);
  });

  it('says who says it, how sure it is, and what the limit is', () => {
    const values = Float32Array.from(gateOutputs, (output) => (output === 'lateral' ? 60 : 0));
    expect(gateOnPicture(values, manifest)).to.deep.equal([
      { code: 'lateral', severity: 'refuse', value: 1, threshold: 0.95, source: 'gate@1.0.0' },
    ]);
  });
});
