import { expect } from '@open-wc/testing';
import { networkField, toNetworkInput } from '../../../src/imaging/network-input.ts';
import type { PackInput } from '../../../src/shared/pack.ts';

const input: PackInput = { width: 224, height: 224, channels: 1, geometry: 'crop-resize', range: [-1, 1] };

describe('networkField', () => {
  it('is the centre square, offsets rounded down, for crop-resize', () => {
    expect(networkField(640, 513, 'crop-resize')).to.deep.equal({ x: 63, y: 0, width: 513, height: 513 });
    expect(networkField(512, 640, 'crop-resize')).to.deep.equal({ x: 0, y: 64, width: 512, height: 512 });
  });

  it('goes by whole pixels of the network for resize-crop', () => {
    // 1000 × 600 becomes 373 × 224; columns 74 to 298 of those are kept.
    const field = networkField(1000, 600, 'resize-crop', input);
    expect(field.x).to.be.closeTo((74 * 1000) / 373, 1e-9);
    expect(field.width).to.be.closeTo((224 * 1000) / 373, 1e-9);
    expect([field.y, field.height]).to.deep.equal([0, 600]);
  });

  it('stays inside the picture for any shape', () => {
    for (const geometry of ['crop-resize', 'resize-crop'] as const) {
      for (const [width, height] of [
        [1, 1],
        [1, 4096],
        [4096, 3],
        [223, 225],
        [999, 1001],
      ] as const) {
        const field = networkField(width, height, geometry, input);
        expect(field.x).to.be.within(0, width);
        expect(field.x + field.width).to.be.at.most(width + 1e-9);
        expect(field.y + field.height).to.be.at.most(height + 1e-9);
      }
    }
  });
});

describe('toNetworkInput', () => {
  it('moves 0..1 to the range of the network', () => {
    const image = { width: 300, height: 200, data: new Float32Array(300 * 200).fill(0.25) };
    const small = toNetworkInput(image, input);
    expect(small.length).to.equal(224 * 224);
    expect(small[0]).to.equal(-0.5);
    expect(toNetworkInput(image, { ...input, range: [-1024, 1024] }).at(-1)).to.equal(-512);
  });

  it('leaves a picture of the right size untouched', () => {
    const data = Float32Array.from({ length: 224 * 224 }, (_, index) => (index % 256) / 256);
    const values = toNetworkInput({ width: 224, height: 224, data }, { ...input, range: [0, 1] });
    expect(values.every((value, index) => value === data[index])).to.equal(true);
  });
});
