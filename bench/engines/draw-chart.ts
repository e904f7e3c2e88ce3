/** Bars of the engines as an SVG that is readable on a light and on a dark page. */

import type { EngineTimes } from './report.ts';

const width = 720;
const barHeight = 22;
const rowHeight = 34;
const labelWidth = 260;
const valueWidth = 110;
const margin = 16;
const titleHeight = 30;
const fontSize = 13;

/** Drawn in their order; what is not a whole DenseNet-121 is left out. */
const notDrawn: ReadonlySet<string> = new Set(['logits alone']);
/** Whose bars are highlighted. */
const isOurs = (name: string): boolean => name.startsWith('our kernels');

/** @param engines those of the smallest picture are drawn, against the first */
export function drawChart(engines: readonly EngineTimes[]): string {
  const side = Math.min(...engines.map((engine) => engine.side));
  const drawn = engines.filter((engine) => engine.side === side && !notDrawn.has(engine.name));
  const [reference] = drawn;
  if (reference === undefined) throw new Error('there is no engine to draw');
  const longest = Math.max(...drawn.map(({ medianMs }) => medianMs));
  const room = width - labelWidth - valueWidth - 2 * margin;
  const rows = drawn.map(({ name, medianMs }, index) => {
    const y = titleHeight + margin + index * rowHeight;
    const middle = y + barHeight / 2 + fontSize / 3;
    const length = (medianMs / longest) * room;
    const ratio = (medianMs / reference.medianMs).toFixed(2);
    return [
      `<text x="${margin + labelWidth - 10}" y="${middle}" text-anchor="end">${escape(name)}</text>`,
      `<rect class="${isOurs(name) ? 'ours' : 'other'}" x="${margin + labelWidth}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="3"/>`,
      `<text x="${(margin + labelWidth + length + 8).toFixed(1)}" y="${middle}">${medianMs.toFixed(0)} ms · ${ratio}</text>`,
    ].join('\n');
  });
  const height = titleHeight + 2 * margin + drawn.length * rowHeight;
  const title = `One run at ${side} × ${side} pixels, one thread: median milliseconds, and ratio to the first`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">
<style>
text { font: ${fontSize}px system-ui, sans-serif; fill: #1f2328; }
.title { font-weight: 600; }
.ours { fill: #0a7d6e; }
.other { fill: #8a94a0; }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .ours { fill: #3fbfa9; } .other { fill: #7d8896; } }
</style>
<text class="title" x="${margin}" y="${margin + fontSize}">${escape(title)}</text>
${rows.join('\n')}
</svg>
`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
