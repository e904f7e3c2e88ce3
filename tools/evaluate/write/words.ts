/** Figures as they stand in report and card. */

import type { Interval, Measured, PointingReport } from '../report.ts';

const percent = 100;

export function number(value: number, digits = 3): string {
  return value.toFixed(digits);
}

export function range([low, high]: Interval, digits = 3): string {
  return `${number(low, digits)}–${number(high, digits)}`;
}

/** `0.724 (0.647–0.803)`; a dash for what could not be measured. */
export function figure(measured: Measured | null, digits = 3): string {
  if (measured === null) return '–';
  const { value, interval95 } = measured;
  return interval95 === null ? number(value, digits) : `${number(value, digits)} (${range(interval95, digits)})`;
}

export function share(value: number): string {
  return `${number(value * percent, 1)} %`;
}

export function count(value: number): string {
  return value.toLocaleString('en');
}

export function hits({
  hits: own,
  images,
  interval95,
}: Pick<PointingReport, 'hits' | 'images' | 'interval95'>): string {
  const interval = interval95 === null ? '' : ` (${share(interval95[0])} to ${share(interval95[1])})`;
  return `${own} of ${images}, ${share(own / images)}${interval}`;
}

export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
