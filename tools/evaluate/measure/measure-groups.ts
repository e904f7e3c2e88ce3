import type { GroupReport } from '../report.ts';
import type { BootstrapOptions } from '../statistics/bootstrap.ts';
import type { Decisions } from './decision-rules.ts';
import { measureFindings } from './measure-findings.ts';
import { filterSample, patientCount, type Sample, type SampleRow } from './sample.ts';

/** Fewer pictures of a level say nothing. */
const fewestImages = 20;
/** A finding is compared between levels where each has so many pictures with it, and without. */
const fewestOfEach = 10;
/** An attribute with more levels is a name, not a group. */
const mostLevels = 12;

/** Beginnings of age groups in years, and their names: in the order of their names, too. */
const ageGroups = [
  [65, '65 and above'],
  [40, '40 to 64'],
  [18, '18 to 39'],
  [0, '0 to 17'],
] as const;

export function ageGroup(years: number): string {
  return ageGroups.find(([from]) => years >= from)?.[1] ?? '';
}

/** The same figures within each level of each attribute that the rows have. */
export function measureGroups(
  sample: Sample,
  decisions: readonly Decisions[],
  bootstrap: BootstrapOptions,
): GroupReport[] {
  const attributes = [...new Set(sample.rows.flatMap(({ groups }) => Object.keys(groups)))];
  return attributes.flatMap((attribute) => {
    const counts = new Map<string, number>();
    for (const { groups } of sample.rows) {
      const level = groups[attribute];
      if (level !== undefined) counts.set(level, (counts.get(level) ?? 0) + 1);
    }
    const levels = [...counts]
      .filter(([, count]) => count >= fewestImages)
      .map(([level]) => level)
      .sort();
    if (levels.length < 2 || levels.length > mostLevels) return [];
    return [measureAttribute(attribute, levels, { sample, decisions, bootstrap })];
  });
}

interface Measuring {
  readonly sample: Sample;
  readonly decisions: readonly Decisions[];
  readonly bootstrap: BootstrapOptions;
}

function measureAttribute(
  attribute: string,
  levels: readonly string[],
  { sample, decisions, bootstrap }: Measuring,
): GroupReport {
  const parts = levels.map((level) => {
    const keeps = (row: SampleRow): boolean => row.groups[attribute] === level;
    return { level, part: filterSample(sample, keeps), own: filterDecisions(sample, decisions, keeps) };
  });
  const comparable = sample.columns.filter((_, column) =>
    parts.every(({ part }) => {
      const { labels } = part.columns[column]!;
      const positives = labels.reduce((sum, label) => sum + label, 0);
      return positives >= fewestOfEach && labels.length - positives >= fewestOfEach;
    }),
  );
  const macroOver = new Set(comparable.map(({ id }) => id));
  return {
    attribute,
    macroOver: [...macroOver],
    levels: parts.map(({ level, part, own }) => {
      const { findings, macroAuc } = measureFindings(part, own, bootstrap, macroOver);
      return {
        level,
        images: part.rows.length,
        patients: patientCount(part),
        macroAuc:
          macroOver.size === 0 || macroAuc === null ? null : { value: macroAuc.value, interval95: macroAuc.interval95 },
        findings: findings.map(({ id, positives, auc, score, probability }) => ({
          id,
          positives,
          auc,
          score,
          probability,
        })),
      };
    }),
  };
}

function filterDecisions(
  { rows }: Sample,
  decisions: readonly Decisions[],
  keeps: (row: SampleRow) => boolean,
): Decisions[] {
  const kept = rows.flatMap((row, index) => (keeps(row) ? [index] : []));
  const pick = (values: Float64Array): Float64Array => Float64Array.from(kept, (index) => values[index]!);
  return decisions.map(({ margins, logOdds }) => ({
    margins: pick(margins),
    ...(logOdds === undefined ? {} : { logOdds: pick(logOdds) }),
  }));
}
