import { expect } from '@open-wc/testing';
import { createInferenceClient, type EngineChoice } from '../../../src/app/inference-client.ts';
import type { GrayImage } from '../../../src/shared/analysis.ts';
import { AppError } from '../../../src/shared/app-error.ts';

const script = new URL('./workers/misbehaving-engine.ts', import.meta.url).href;
const limits = { startMs: 10_000, loadMs: 10_000, silentMs: 2_000, jsFactor: 1, cancelMs: 200 };

function choice(seen: number[] = []): EngineChoice {
  return {
    maxAttempts: 3,
    choose: (failedStarts) => {
      seen.push(failedStarts);
      return Promise.resolve(failedStarts === 0 ? undefined : { mode: 'simd' as const });
    },
    remember: () => Promise.resolve(),
  };
}

function image(): GrayImage {
  const source = { kind: 'raster', inputKind: 'digital', format: 'png', storedWidth: 1, storedHeight: 1 } as const;
  return { width: 1, height: 1, data: new Float32Array(1), source: { ...source, orientation: 1, bitsPerSample: 8 } };
}

const pack = (id: string): { id: string; version: string } => ({ id, version: '1' });

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'resolved';
  } catch (thrown) {
    expect(thrown).to.be.instanceOf(AppError);
    return (thrown as AppError).code;
  }
}

describe('inference-client', () => {
  it('starts the engine, loads the pack and analyses; the worker stays', async () => {
    const seen: number[] = [];
    const client = createInferenceClient(script, choice(seen), limits);
    const stages: string[] = [];
    await client.analyze(pack('ok'), image(), {}, undefined, (stage) => stages.push(stage));
    await client.analyze(pack('ok'), image(), {});
    expect(stages).to.deep.equal(['gate', 'findings']);
    expect(seen).to.deep.equal([0]);
    expect(client.engine?.mode).to.equal('threads');
    client.close();
    expect(client.engine).to.equal(undefined);
  });

  it('has the pack read while the engine starts', async () => {
    const client = createInferenceClient(script, choice(), limits);
    expect((await client.prove(pack('ok'))).proof.worstInput).to.equal('ok');
    client.close();
  });

  it('falls back where the first engine hangs at its start', async () => {
    const seen: number[] = [];
    const client = createInferenceClient(`${script}?threads-hang`, choice(seen), { ...limits, startMs: 2_000 });
    expect((await client.ready(pack('ok'))).mode).to.equal('simd');
    expect(seen).to.deep.equal([0, 1]);
    client.close();
  });

  it('rejects the caller of a crash and of silence, and the next call works', async () => {
    const client = createInferenceClient(script, choice(), { ...limits, silentMs: 400 });
    expect(await codeOf(client.analyze(pack('crash'), image(), {}))).to.equal('engine-crashed');
    expect(await codeOf(client.analyze(pack('silent'), image(), {}))).to.equal('engine-timeout');
    expect(await codeOf(client.analyze(pack('ok'), image(), {}))).to.equal('resolved');
    client.close();
  });

  it('cancels at once; a run that stops soon keeps its worker', async () => {
    const seen: number[] = [];
    const client = createInferenceClient(script, choice(seen), limits);
    await client.ready(pack('short'));
    const controller = new AbortController();
    const running = codeOf(client.analyze(pack('short'), image(), {}, controller.signal, () => controller.abort()));
    expect(await running).to.equal('cancelled');
    expect(await codeOf(client.analyze(pack('short'), image(), {}))).to.equal('resolved');
    expect(seen).to.deep.equal([0]);
    client.close();
  });

  it('ends the worker of a cancelled run that goes on, and opens another for the next', async () => {
    const seen: number[] = [];
    const client = createInferenceClient(script, choice(seen), { ...limits, silentMs: 10_000 });
    await client.ready(pack('hang'));
    const controller = new AbortController();
    const before = performance.now();
    const running = codeOf(client.analyze(pack('hang'), image(), {}, controller.signal, () => controller.abort()));
    expect(await running).to.equal('cancelled');
    expect(await codeOf(client.analyze(pack('ok'), image(), {}))).to.equal('resolved');
    expect(performance.now() - before).to.be.below(4_000);
    expect(seen.length).to.equal(2);
    client.close();
  });

  it('passes on a damaged pack and loads again next time', async () => {
    const client = createInferenceClient(script, choice(), limits);
    expect(await codeOf(client.ready(pack('damaged')))).to.equal('pack-damaged');
    expect(await codeOf(client.ready(pack('ok')))).to.equal('resolved');
    client.close();
  });

  it('starts the real engine in the built worker', async () => {
    const built = new URL('/dist/test/assets/inference-worker.js', location.href).href;
    const simd: EngineChoice = { ...choice(), choose: () => Promise.resolve({ mode: 'simd' }) };
    const client = createInferenceClient(built, simd);
    // There is no such pack: the engine starts all the same, and says what is missing.
    expect(await codeOf(client.ready(pack('no-such-pack')))).to.equal('pack-missing');
    expect(client.engine).to.deep.equal({ mode: 'simd', threads: 1, kernels: 'relaxed' });
    expect((await client.memory()).tensors).to.equal(0);
    client.close();
  });

  it('explains, tells how far it is, and stops between two parts without losing the worker', async () => {
    const seen: number[] = [];
    const client = createInferenceClient(script, choice(seen), limits);
    const request = { finding: 'Mass', kind: 'gradient', input: new Float32Array(4) } as const;
    const shares: number[] = [];
    const explanation = await client.explain(pack('ok'), request, undefined, (share) => shares.push(share));
    expect(explanation).to.deep.equal({ kind: 'gradient', finding: 'Mass', map: { width: 1, height: 1, values: [1] } });
    expect(shares).to.have.length(20);
    const controller = new AbortController();
    const running = client.explain(pack('ok'), request, controller.signal, () => controller.abort());
    expect(await codeOf(running)).to.equal('cancelled');
    expect(await codeOf(client.explain(pack('ok'), request))).to.equal('resolved');
    expect(seen).to.deep.equal([0]);
    client.close();
  });
});
