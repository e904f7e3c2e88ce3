import { expect } from '@open-wc/testing';
import { joinReasons } from '../../../src/inference/gate/verdict.ts';
import type { Reason, ReasonCode, Severity } from '../../../src/shared/analysis.ts';

const reason = (code: ReasonCode, severity: Severity = 'warn', value = 1): Reason => ({
  code,
  severity,
  value,
  threshold: 0.5,
});

describe('joinReasons', () => {
  it('passes without reasons, and with information only', () => {
    expect(joinReasons([])).to.deep.equal({ verdict: 'pass', reasons: [] });
    expect(joinReasons([reason('lossy-history', 'info')]).verdict).to.equal('pass');
  });

  it('is as bad as the worst reason, and tells that first', () => {
    const gate = joinReasons([
      reason('inverted'),
      reason('lossy-history', 'info'),
      reason('far-from-training', 'refuse'),
    ]);
    expect(gate.verdict).to.equal('refuse');
    expect(gate.reasons.map(({ code }) => code)).to.deep.equal(['far-from-training', 'inverted', 'lossy-history']);
  });

  it('keeps one reason a code, the worst', () => {
    const gate = joinReasons([reason('not-an-xray', 'warn', 1), reason('not-an-xray', 'refuse', 2)]);
    expect(gate.reasons).to.deep.equal([reason('not-an-xray', 'refuse', 2)]);
  });

  it('keeps what a second opinion says beside what the gate says', () => {
    const opinion: Reason = { ...reason('far-from-training', 'refuse', 0.4), source: 'chester-ae@1.0.0' };
    const gate = joinReasons([reason('far-from-training'), opinion]);
    expect(gate.verdict).to.equal('refuse');
    expect(gate.reasons).to.deep.equal([opinion, reason('far-from-training')]);
  });

  it('does not count a second opinion among the three doubts of the gate', () => {
    const opinion: Reason = { ...reason('far-from-training', 'warn', 0.61), source: 'chester-ae@1.0.0' };
    expect(joinReasons([reason('not-an-xray'), reason('other-modality'), opinion]).verdict).to.equal('warn');
  });

  it('warns of two doubts about the kind of picture, refuses at three', () => {
    const two = [reason('not-an-xray'), reason('other-modality')];
    expect(joinReasons(two).verdict).to.equal('warn');
    const three = joinReasons([...two, reason('far-from-training')]);
    expect(three.verdict).to.equal('refuse');
    expect(three.reasons.every(({ severity }) => severity === 'refuse')).to.be.true;
  });

  it('does not count information, orientation or resolution as doubts about the kind', () => {
    const others = [reason('inverted'), reason('low-resolution'), reason('lateral'), reason('cut-off', 'info')];
    expect(joinReasons([reason('not-an-xray'), reason('other-modality'), ...others]).verdict).to.equal('warn');
  });

  it('tells the flaws of a photograph, and never takes them for doubts about what it shows', () => {
    const doubts = [reason('far-from-training'), reason('cut-off')];
    const flaws = [reason('over-exposed'), reason('under-exposed'), reason('blurred')];
    const gate = joinReasons(doubts, flaws);
    expect(gate.verdict).to.equal('warn');
    expect(gate.reasons.map(({ code }) => code)).to.have.members([...doubts, ...flaws].map(({ code }) => code));
    expect(joinReasons([...doubts, reason('over-exposed')]).verdict).to.equal('refuse');
  });
});
