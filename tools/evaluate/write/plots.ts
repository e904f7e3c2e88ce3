/** Drawings of a report as SVG: one panel a finding, readable in a browser, on paper and by whoever reads the source. */

import type { CalibrationReport, FindingReport } from '../report.ts';

const panel = 150;
const gap = 46;
const left = 34;
const top = 30;
const perRow = 4;
/** Colours that are told apart with every kind of colour vision (Okabe, Ito 2008). */
const blue = '#0072b2';
const orange = '#d55e00';
const grey = '#767676';
const smallestDot = 1.5;
const largestDot = 5;

/** Curves of all findings, each with its AUC and the diagonal of guessing. */
export function rocPlot(findings: readonly FindingReport[]): string {
  const shown = findings.filter(({ roc }) => roc.length > 0);
  const panels = shown.map(({ id, auc, roc, sensitivity, specificity }, index) => {
    const points = roc.map(([x, y]) => `${place(x)},${place(1 - y)}`).join(' ');
    const dot =
      sensitivity === null || specificity === null
        ? ''
        : `<circle cx="${place(1 - specificity.value)}" cy="${place(1 - sensitivity.value)}" r="3.5" fill="${orange}"/>`;
    const title = `${id.replaceAll('_', ' ')} ${auc?.value.toFixed(2) ?? ''}`;
    return drawPanel(
      index,
      title,
      `${diagonal}<polyline points="${points}" fill="none" stroke="${blue}" stroke-width="1.8"/>${dot}`,
    );
  });
  return drawing(panels, 'ROC curves', 'share of the others called positive', 'sensitivity');
}

/** Stated probability against what was there; the dots' areas are the pictures. */
export function reliabilityPlot(findings: readonly FindingReport[]): string {
  const panels = findings.map(({ id, probability, score }, index) => {
    const stated = probability ?? score;
    return drawPanel(
      index,
      id.replaceAll('_', ' '),
      diagonal + reliabilityDots(stated, probability === null ? grey : blue),
    );
  });
  return drawing(panels, 'Reliability', 'stated (grey: score, not calibrated)', 'share that has it');
}

function reliabilityDots({ bins }: CalibrationReport, colour: string): string {
  const most = Math.max(...bins.map(({ count }) => count));
  const points = bins.map(({ meanProbability, rate }) => `${place(meanProbability)},${place(1 - rate)}`).join(' ');
  const dots = bins.map(({ meanProbability, rate, count }) => {
    const radius = Math.max(smallestDot, largestDot * Math.sqrt(count / most));
    return `<circle cx="${place(meanProbability)}" cy="${place(1 - rate)}" r="${radius.toFixed(1)}" fill="${colour}"/>`;
  });
  return `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="1"/>${dots.join('')}`;
}

const diagonal = `<line x1="0" y1="${panel}" x2="${panel}" y2="0" stroke="${grey}" stroke-dasharray="3 3"/>`;

function place(share: number): string {
  return (share * panel).toFixed(1);
}

function drawPanel(index: number, title: string, content: string): string {
  const x = left + (index % perRow) * (panel + gap);
  const y = top + Math.floor(index / perRow) * (panel + gap);
  const ends = [
    [0, panel + 12, '0'],
    [panel, panel + 12, '1'],
    [-8, panel + 3, '0'],
    [-8, 6, '1'],
  ] as const;
  const labels = ends.map(([at, line, text]) => `<text x="${at}" y="${line}" text-anchor="middle">${text}</text>`);
  return `<g transform="translate(${x} ${y})"><text x="0" y="-7" font-weight="bold">${escape(title)}</text><rect width="${panel}" height="${panel}" fill="none" stroke="#333"/>${labels.join('')}${content}</g>`;
}

function drawing(panels: readonly string[], title: string, across: string, up: string): string {
  const rows = Math.ceil(panels.length / perRow);
  const width = left + Math.min(perRow, Math.max(1, panels.length)) * (panel + gap);
  const height = top + rows * (panel + gap);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11" role="img"><title>${escape(title)}</title><rect width="100%" height="100%" fill="#fff"/>${panels.join('')}<text x="${left}" y="${height - 4}" fill="#333">across: ${escape(across)}, up: ${escape(up)}</text></svg>\n`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
