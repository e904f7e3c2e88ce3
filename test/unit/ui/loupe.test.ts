import { expect } from '@open-wc/testing';
import { drawLoupe, loupeDiameter, placeLoupe } from '../../../src/ui/loupe.ts';

const stage = { width: 328, height: 328 };
const radius = loupeDiameter / 2;

describe('loupe', () => {
  it('lies where a mouse points, and above a finger', () => {
    expect(placeLoupe({ x: 10, y: 20 }, stage, 'pointer')).to.deep.equal({ x: 10, y: 20 });
    const above = placeLoupe({ x: 10, y: 120 }, stage, 'finger');
    expect(above.x).to.equal(10);
    expect(120 - above.y).to.be.greaterThan(radius);
  });

  it('never leaves the stage, and no finger covers it, wherever the finger is', () => {
    for (let x = -164; x <= 164; x += 4) {
      for (let y = -164; y <= 164; y += 4) {
        const middle = placeLoupe({ x, y }, stage, 'finger');
        expect(Math.abs(middle.x)).to.be.at.most(stage.width / 2 - radius);
        expect(Math.abs(middle.y)).to.be.at.most(stage.height / 2 - radius);
        expect(Math.hypot(x - middle.x, y - middle.y), `${x}, ${y}`).to.be.at.least(radius);
      }
    }
  });

  it('shows what is at its point, larger, with the map over it', () => {
    const picture = document.createElement('canvas');
    picture.width = 100;
    picture.height = 100;
    const context = picture.getContext('2d')!;
    context.fillStyle = '#fff';
    context.fillRect(50, 0, 50, 100);
    const map = document.createElement('canvas');
    map.width = 50;
    map.height = 50;
    const mapContext = map.getContext('2d')!;
    mapContext.fillStyle = '#f00';
    mapContext.fillRect(0, 25, 50, 25);
    const loupe = document.createElement('canvas');
    const layers = [
      { canvas: picture, opacity: 1 },
      { canvas: map, opacity: 0.5 },
    ];
    // 20 pixels of the picture across the loupe.
    drawLoupe(loupe, layers, { x: 0.5, y: 0.5 }, loupeDiameter * 5, 2);
    const side = 2 * loupeDiameter;
    expect([loupe.width, loupe.height]).to.deep.equal([side, side]);
    const at = (x: number, y: number): number[] => [
      ...loupe
        .getContext('2d')!
        .getImageData(x * side, y * side, 1, 1)
        .data.slice(0, 3),
    ];
    // Nothing was drawn there: the ground of the film.
    expect(at(0.2, 0.2)).to.deep.equal([7, 9, 11]);
    expect(at(0.8, 0.2)).to.deep.equal([255, 255, 255]);
    const [red = 0, green = 0, blue = 0] = at(0.8, 0.8);
    expect(red).to.equal(255);
    expect(green).to.be.closeTo(128, 2);
    expect(blue).to.be.closeTo(128, 2);
  });
});
