/** A decode worker that does what the file's text says: the faults that a real decoder cannot be asked for. */

import { expose } from 'comlink';
import { AppError, settle } from '../../../../src/shared/app-error.ts';
import type { DecodeApi, DecodedFile } from '../../../../src/shared/messages.ts';

function picture(): DecodedFile {
  const colourless = { kind: 'raster', inputKind: 'digital', format: 'png' } as const;
  const size = { storedWidth: 1, storedHeight: 1, orientation: 1, bitsPerSample: 8 };
  return {
    image: { width: 1, height: 1, data: new Float32Array([0.5]), source: { ...colourless, ...size } },
    display: { width: 1, height: 1, data: new Uint8Array([128]) },
    sha256: String(Math.random()),
  };
}

/** A frame so wide ends badly. */
const deadlyWidth = 13;
let calls = 0;

const api: DecodeApi & { calls(): number } = {
  decode(file, onStage) {
    return settle(async () => {
      calls += 1;
      const wish = await file.text();
      onStage('decoding');
      switch (wish) {
        case 'hang':
          for (;;);
        case 'wait':
          await new Promise(() => undefined);
          break;
        case 'throw':
          setTimeout(() => {
            throw new Error('nobody catches this');
          });
          await new Promise(() => undefined);
          break;
        case 'memory':
          throw new AppError('decode-out-of-memory');
        case 'corrupt':
          throw new AppError('image-corrupt', { at: 7 });
        case 'count':
          return { ...picture(), sha256: String(calls) };
      }
      return picture();
    });
  },
  look: () => new Promise(() => undefined),
  deidentify: () => new Promise(() => undefined),
  open: (file, onStage) => api.decode(file, onStage),
  openPhoto: () => new Promise(() => undefined),
  rectify: () => new Promise(() => undefined),
  importPack: () => new Promise(() => undefined),
  lookAtFrame: (frame) =>
    settle(() => {
      calls += 1;
      frame.image.close();
      if (frame.width === deadlyWidth) throw new AppError('decode-crashed');
      return { brightest: calls };
    }),
  keepFrame: () => new Promise(() => undefined),
  calls: () => calls,
};

expose(api);
