import { touchedPixels, type PictureBox } from '../shared/picture-box.ts';

/** Blackens what the boxes touch, on a canvas that shows the whole picture. */
export function drawBoxes(canvas: HTMLCanvasElement, boxes: readonly PictureBox[]): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.fillStyle = '#000';
  for (const box of boxes) {
    const { left, top, right, bottom } = touchedPixels(box, canvas.width, canvas.height);
    context.fillRect(left, top, right - left, bottom - top);
  }
}
