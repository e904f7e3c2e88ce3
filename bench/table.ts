/** One measured figure and how it is printed. */

export interface Figure {
  readonly area: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it should be at most, where there is a target. */
  readonly budget?: number;
  /** What it should be at least, where more is better. */
  readonly atLeast?: number;
}

const columnGap = 2;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function formatTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.area,
    figure.name,
    `${formatNumber(figure.value)} ${figure.unit}`,
    ...targetCells(figure),
  ]);
  const all = [['area', 'figure', 'measured', 'target', ''], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd((widths[column] ?? 0) + columnGap))
        .join('')
        .trimEnd(),
    )
    .join('\n');
}

function targetCells({ value, unit, budget, atLeast }: Figure): [string, string] {
  if (budget !== undefined) return [`≤ ${formatNumber(budget)} ${unit}`, value <= budget ? 'met' : 'MISSED'];
  if (atLeast !== undefined) return [`≥ ${formatNumber(atLeast)} ${unit}`, value >= atLeast ? 'met' : 'MISSED'];
  return ['', ''];
}

function formatNumber(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.01) return value.toExponential(1);
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits);
}
