import type { ReadImage } from '../../../src/app/analyze-image.ts';
import type { Annotations } from '../../../src/app/compose-result.ts';
import type { FindingsManifest } from '../../../src/shared/pack.ts';

/** A small, made-up reading for tests of what comes after it. */
export function someReadImage(): ReadImage {
  return {
    reading: {
      gate: { verdict: 'refuse', reasons: [{ code: 'not-an-xray', severity: 'refuse', value: 90, threshold: 80 }] },
      findings: [
        {
          id: 'Effusion',
          score: 0.1,
          probability: 0.1,
          calibrated: false,
          operatingPoint: 0.08,
          unsureRange: [0.07, 0.09],
          band: 'above',
          grade: 'fair',
        },
      ],
      maps: { Effusion: { width: 2, height: 1, values: [-1, 1] } },
      timings: { findings: 12 },
      packs: { pocket: '1.0.0' },
      thresholds: 'pocket@1.0.0',
      field: { x: 0, y: 0, width: 2, height: 2 },
    },
    display: { width: 2, height: 2, data: new Uint8Array(4) },
    image: {
      sha256: '0'.repeat(64),
      width: 2,
      height: 2,
      source: {
        kind: 'raster',
        inputKind: 'digital',
        format: 'png',
        storedWidth: 2,
        storedHeight: 2,
        orientation: 1,
        bitsPerSample: 8,
      },
    },
    pack: { id: 'pocket', version: '1.0.0' } as FindingsManifest,
    engine: { mode: 'simd', threads: 1, kernels: 'plain' },
    createdAt: '2026-03-09T14:05:59.123Z',
  };
}

export function someAnnotations(): Annotations {
  return { id: 'a', name: 'x.png', label: 'x.png', kept: false };
}
