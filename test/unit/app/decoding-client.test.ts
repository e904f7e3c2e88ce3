import { expect } from '@open-wc/testing';
import { createDecodingClient } from '../../../src/app/decoding-client.ts';
import { AppError } from '../../../src/shared/app-error.ts';
import type { CameraFrame } from '../../../src/shared/camera-frame.ts';

const misbehaving = new URL('./workers/misbehaving-decoder.ts', import.meta.url).href;
const limits = { timeoutMs: 2_000, idleMs: 10_000, pixelsALife: 8e6 };

function wish(text: string): File {
  return new File([text], 'x.png');
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'resolved';
  } catch (thrown) {
    expect(thrown).to.be.instanceOf(AppError);
    return (thrown as AppError).code;
  }
}

describe('decoding-client', () => {
  it('decodes a picture in the built worker and tells the stages', async () => {
    const client = createDecodingClient(new URL('/dist/test/assets/decode-worker.js', location.href).href);
    const canvas = new OffscreenCanvas(64, 48);
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('no canvas');
    context.fillStyle = 'rgb(128 128 128)';
    context.fillRect(0, 0, 64, 48);
    const file = new File([await canvas.convertToBlob({ type: 'image/png' })], 'grey.png');
    const stages: string[] = [];
    const decoded = await client.decode(file, { onStage: (stage) => stages.push(stage) });
    client.close();
    expect(decoded.image.width).to.equal(64);
    expect(decoded.image.height).to.equal(48);
    expect(decoded.image.data[0]).to.be.closeTo(128 / 255, 1e-6);
    expect(decoded.sha256).to.match(/^[0-9a-f]{64}$/);
    expect(stages).to.include('decoding');
  });

  it('ends a decoder that hangs, and the next file works', async () => {
    const client = createDecodingClient(misbehaving, limits);
    await client.decode(wish('ok'));
    expect(await codeOf(client.decode(wish('hang')))).to.equal('decode-timeout');
    expect(await codeOf(client.decode(wish('ok')))).to.equal('resolved');
    client.close();
  });

  it('rejects its caller when the worker crashes, and opens another', async () => {
    const client = createDecodingClient(misbehaving, { ...limits, timeoutMs: 5_000 });
    expect(await codeOf(client.decode(wish('throw')))).to.equal('decode-crashed');
    expect(await codeOf(client.decode(wish('ok')))).to.equal('resolved');
    client.close();
  });

  it('rejects its caller when the script does not load', async () => {
    const client = createDecodingClient(new URL('./workers/none.ts', import.meta.url).href, limits);
    expect(await codeOf(client.decode(wish('ok')))).to.equal('decode-crashed');
  });

  it('passes on what the worker found, keeps that worker, and ends one that lacked memory', async () => {
    const client = createDecodingClient(misbehaving, { ...limits, timeoutMs: 5_000 });
    expect(await codeOf(client.decode(wish('corrupt')))).to.equal('image-corrupt');
    // The same worker counts on; after a lack of memory another one begins anew.
    expect((await client.decode(wish('count'))).sha256).to.equal('2');
    expect(await codeOf(client.decode(wish('memory')))).to.equal('decode-out-of-memory');
    expect((await client.decode(wish('count'))).sha256).to.equal('1');
    client.close();
  });

  it('cancels at once, even a decoder that hangs', async () => {
    const client = createDecodingClient(misbehaving, { ...limits, timeoutMs: 20_000 });
    await client.decode(wish('ok'));
    const controller = new AbortController();
    const decoding = codeOf(client.decode(wish('hang'), { signal: controller.signal }));
    setTimeout(() => controller.abort(), 50);
    const before = performance.now();
    expect(await decoding).to.equal('cancelled');
    expect(performance.now() - before).to.be.below(2_000);
    expect(await codeOf(client.decode(wish('ok'), { signal: controller.signal }))).to.equal('cancelled');
    expect(await codeOf(client.decode(wish('ok')))).to.equal('resolved');
    client.close();
  });

  it('gives the memory back when it was idle', async () => {
    const client = createDecodingClient(misbehaving, { timeoutMs: 5_000, idleMs: 20, pixelsALife: 8e6 });
    expect((await client.decode(wish('count'))).sha256).to.equal('1');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await client.decode(wish('count'))).sha256).to.equal('1');
    client.close();
  });

  it('ends the worker at once after a large picture', async () => {
    const client = createDecodingClient(misbehaving, { timeoutMs: 5_000, idleMs: 10_000, pixelsALife: 0 });
    expect((await client.decode(wish('count'))).sha256).to.equal('1');
    expect((await client.decode(wish('count'))).sha256).to.equal('1');
    client.close();
  });

  it('looks at frames in a worker of their own, and opens another after a crash', async () => {
    const client = createDecodingClient(misbehaving, { ...limits, timeoutMs: 5_000 });
    const frame = async (width: number): Promise<CameraFrame> => {
      return { image: await createImageBitmap(new ImageData(8, 8)), width, height: 8 };
    };
    const reader = client.readFrames();
    expect(await reader.look(await frame(8))).to.deep.equal({ brightest: 1 });
    // A file that hangs keeps no frame waiting; the worker counts its own calls alone.
    const hanging = client.decode(wish('hang'));
    expect(await reader.look(await frame(8))).to.deep.equal({ brightest: 2 });
    expect(await codeOf(reader.look(await frame(13)))).to.equal('decode-crashed');
    expect(await codeOf(reader.look(await frame(8)))).to.equal('resolved');
    const kept = codeOf(reader.keep(await frame(8)));
    reader.close();
    expect(await kept).to.equal('cancelled');
    client.close();
    expect(await codeOf(hanging)).to.equal('cancelled');
  });
});
