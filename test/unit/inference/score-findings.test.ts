import { expect } from '@open-wc/testing';
import { calibratedProbability, sigmoid } from '../../../src/inference/calibrated-probability.ts';
import { scoreFindings, thresholdsName, unsureRangeOf } from '../../../src/inference/score-findings.ts';
import type { PackFinding, FindingsManifest } from '../../../src/shared/pack.ts';

function finding(id: string, change: Partial<PackFinding> = {}): PackFinding {
  return { id, operatingPoints: { digital: { score: 0.2, rule: 'youden' } }, grade: 'fair', bias: 0, ...change };
}

function pack(...findings: PackFinding[]): Pick<FindingsManifest, 'id' | 'version' | 'findings' | 'calibrated'> {
  return { id: 'some', version: '1.2.3', findings, calibrated: false };
}

const logit = (score: number): number => Math.log(score / (1 - score));

describe('scoreFindings', () => {
  it('makes the score of the logit, and calls it uncalibrated', () => {
    const [one] = scoreFindings([logit(0.3)], pack(finding('Mass')), 'digital');
    expect(one?.score).to.be.closeTo(0.3, 1e-12);
    expect(one?.probability).to.equal(one?.score);
    expect(one?.calibrated).to.equal(false);
    expect(one).to.not.have.property('prevalence');
    expect(sigmoid(-800)).to.equal(0);
    expect(sigmoid(800)).to.equal(1);
  });

  it('cannot tell within 15 % of the odds where the pack has no range', () => {
    // Odds of 0.2 are 0.25: from 0.2125 to 0.2875, that is scores 0.17526 to 0.2233.
    const [low, high] = unsureRangeOf({ score: 0.2, rule: 'youden' });
    expect(low).to.be.closeTo(0.2125 / 1.2125, 1e-12);
    expect(high).to.be.closeTo(0.2875 / 1.2875, 1e-12);
    const bandOf = (score: number): string | undefined =>
      scoreFindings([logit(score)], pack(finding('Mass')), 'digital')[0]?.band;
    expect([0.175, 0.176, 0.2, 0.223, 0.224].map(bandOf)).to.deep.equal([
      'below',
      'unsure',
      'unsure',
      'unsure',
      'above',
    ]);
  });

  it('takes the range of the pack where there is one', () => {
    const measured = finding('Mass', {
      operatingPoints: { digital: { score: 0.2, rule: 'sensitivity', unsureRange: [0.1, 0.4] } },
    });
    const [one] = scoreFindings([logit(0.39)], pack(measured), 'digital');
    expect(one?.band).to.equal('unsure');
    expect(one?.unsureRange).to.deep.equal([0.1, 0.4]);
  });

  it('orders by band, then grade, then distance from the own operating point in log-odds', () => {
    const low = { digital: { score: 0.02, rule: 'youden' } } as const;
    const findings = [
      finding('Nodule', { grade: 'weak' }),
      finding('Edema', { grade: 'strong' }),
      finding('Hernia', { operatingPoints: low }),
      finding('Mass'),
      finding('Fibrosis', { grade: 'strong' }),
      finding('Effusion'),
    ];
    // Hernia's 0.1 is farther above its 0.02 than Mass's 0.4 is above its 0.2.
    const scores = [0.9, 0.01, 0.1, 0.4, 0.05, 0.2];
    const order = scoreFindings(scores.map(logit), pack(...findings), 'digital').map(({ id }) => id);
    expect(order).to.deep.equal(['Hernia', 'Mass', 'Nodule', 'Effusion', 'Fibrosis', 'Edema']);
  });

  it('uses the operating points of the kind of input, and says when it has none', () => {
    const both = finding('Mass', {
      operatingPoints: { digital: { score: 0.2, rule: 'youden' }, film: { score: 0.5, rule: 'youden' } },
    });
    const [film] = scoreFindings([logit(0.3)], pack(both), 'film');
    expect([film?.operatingPoint, film?.band]).to.deep.equal([0.5, 'below']);
    const [monitor] = scoreFindings([logit(0.3)], pack(both), 'monitor');
    expect([monitor?.operatingPoint, monitor?.band]).to.deep.equal([0.2, 'above']);
    expect(thresholdsName(pack(both), 'film')).to.equal('some@1.2.3');
    expect(thresholdsName(pack(both), 'monitor')).to.equal('some@1.2.3 (digital, used for monitor)');
  });

  const calibrated = finding('Mass', {
    calibration: { digital: { slope: 0.5, intercept: -1, samplePrevalence: 0.2 } },
    referencePrevalence: { value: 0.05, source: 'a register' },
  });

  it('states a calibrated probability at the reference prevalence, and at the one that a site states', () => {
    // Log-odds at 20 %: 0.5 · 2 − 1 = 0, odds 1; at 5 %: 1 · (1/19) / (1/4) = 4/19, so 4/23; at 50 %: 1 · 1 / (1/4) = 4, so 0.8.
    const [reference] = scoreFindings([2], pack(calibrated), 'digital');
    expect(reference?.probability).to.be.closeTo(4 / 23, 1e-12);
    expect([reference?.calibrated, reference?.prevalence]).to.deep.equal([true, 0.05]);
    expect(reference?.score).to.be.closeTo(sigmoid(2), 1e-12);
    const [site] = scoreFindings([2], pack(calibrated), 'digital', { Mass: 0.5, Nodule: 0.1 });
    expect(site?.probability).to.be.closeTo(0.8, 1e-12);
    expect(site?.prevalence).to.equal(0.5);
    expect(site?.band).to.equal(reference?.band);
    expect(thresholdsName(pack(calibrated), 'digital', { Mass: 0.5, Nodule: 0.1 })).to.equal(
      'some@1.2.3; prevalence by the site: Mass 0.5',
    );
  });

  it('has no probability for a kind of input that was not calibrated', () => {
    const [film] = scoreFindings([2], pack(calibrated), 'film', { Mass: 0.5 });
    expect(film?.calibrated).to.equal(false);
    expect(film?.probability).to.equal(film?.score);
    expect(film).to.not.have.property('prevalence');
    expect(thresholdsName(pack(calibrated), 'film', { Mass: 0.5 })).to.equal('some@1.2.3 (digital, used for film)');
  });

  it('gives an interval from the covariance of the calibration, wider where nobody was measured', () => {
    const measured = { slope: 1, intercept: 0, samplePrevalence: 0.5, covariance: [0.04, 0, 0.01] as const };
    const { probability, interval } = calibratedProbability(1, measured, 0.5);
    // Standard deviation √(0.04 + 0.01) = 0.2236, ± 1.96 of it = ± 0.43826 in log-odds.
    expect(probability).to.be.closeTo(sigmoid(1), 1e-12);
    expect(interval?.[0]).to.be.closeTo(sigmoid(1 - 0.43826), 1e-5);
    expect(interval?.[1]).to.be.closeTo(sigmoid(1 + 0.43826), 1e-5);
    const far = calibratedProbability(5, measured, 0.5).interval;
    expect(logit(far![1]) - logit(far![0])).to.be.closeTo(2 * 1.959964 * Math.sqrt(1.01), 1e-9);
    expect(calibratedProbability(1, { ...measured, slope: 0, covariance: [0, 0, 0] }, 0.1).probability).to.be.closeTo(
      0.1,
      1e-12,
    );
  });
});
