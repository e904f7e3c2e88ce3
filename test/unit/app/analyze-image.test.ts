import { expect } from '@open-wc/testing';
import { analyzeImage, type AnalyzePorts } from '../../../src/app/analyze-image.ts';
import type { DecodingClient } from '../../../src/app/decoding-client.ts';
import type { InferenceClient } from '../../../src/app/inference-client.ts';
import type { PackInstaller } from '../../../src/app/pack-installer.ts';
import { proofMark } from '../../../src/app/pack-proof.ts';
import type { AnalyzeOptions } from '../../../src/shared/messages.ts';
import type { PackRecord } from '../../../src/storage/packs.ts';
import { setSetting } from '../../../src/storage/settings.ts';
import { somePack } from '../../components/some-result.ts';
import { someReadImage } from './some-reading.ts';

/** Ports that answer at once, and what the network was asked. */
function somePorts(): { readonly ports: AnalyzePorts; readonly asked: AnalyzeOptions[] } {
  const { engine, reading, display, image } = someReadImage();
  const asked: AnalyzeOptions[] = [];
  const record: PackRecord = {
    id: somePack.id,
    version: somePack.version,
    state: 'installed',
    manifest: somePack,
    manifestSha256: '0'.repeat(64),
    receivedBytes: 1,
    totalBytes: 1,
    provenBy: proofMark(engine),
    updatedAt: '2026-03-01T09:30:00.000Z',
  };
  const decoding: Pick<DecodingClient, 'decode'> = {
    decode: () => Promise.resolve({ image: { ...image, data: new Float32Array(4) }, display, sha256: image.sha256 }),
  };
  const inference: Pick<InferenceClient, 'ready' | 'analyze'> = {
    ready: () => Promise.resolve(engine),
    analyze: (_pack, _image, options) => {
      asked.push(options);
      return Promise.resolve(reading);
    },
  };
  const installer: Pick<PackInstaller, 'usablePack'> = { usablePack: () => Promise.resolve(record) };
  return { ports: { decoding, inference, installer } as AnalyzePorts, asked };
}

describe('analyzeImage', () => {
  afterEach(() => setSetting('sitePrevalences', undefined));

  it('asks for probabilities at what the site states, from the next X-ray on', async () => {
    const { ports, asked } = somePorts();
    const read = (): Promise<unknown> =>
      analyzeImage(new File(['x'], 'x.png'), ports, new AbortController().signal, () => undefined);
    await read();
    expect(asked[0]).to.not.have.property('prevalences');
    await setSetting('sitePrevalences', { Effusion: 0.02 });
    await read();
    expect(asked[1]?.prevalences).to.deep.equal({ Effusion: 0.02 });
  });
});
