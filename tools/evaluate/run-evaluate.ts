import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../src/shared/app-error.ts';
import { toJson } from '../pack/write-pack.ts';
import { errorSentence } from '../read/error-sentences.ts';
import { parseArguments, usage, UsageError, type MeasureOptions } from './arguments.ts';
import { calibrate } from './calibrate.ts';
import { writeCard } from './card.ts';
import { evaluate, type Evaluation } from './evaluate.ts';
import { reliabilityPlot, rocPlot } from './write/plots.ts';
import { reportMarkdown } from './write/report-markdown.ts';
import { scoresCsv } from './write/scores-csv.ts';
import { figure } from './write/words.ts';

const exitCodes = { done: 0, cutShort: 1, wrongUsage: 2 } as const;

/** Where words go. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
}

const standard: Output = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/**
 * The whole program, but for the process around it.
 *
 * @param argv the words after the program's name
 * @param signal ends the work after the current picture
 * @returns the exit code
 */
export async function runEvaluate(
  argv: readonly string[],
  signal: AbortSignal,
  say: Output = standard,
): Promise<number> {
  try {
    const options = parseArguments(argv);
    switch (options.command) {
      case 'help':
        say.out(usage);
        return exitCodes.done;
      case 'calibrate':
        say.out(`${await calibrate(options.folder, options.bootstrap, options.photographs)}\n`);
        return exitCodes.done;
      case 'card':
        say.out(`${await writeCard(options.pack, options.out)}\n`);
        return exitCodes.done;
      case 'measure':
        return (await measureAll(options, signal, say)) ? exitCodes.done : exitCodes.cutShort;
    }
  } catch (thrown) {
    if (thrown instanceof UsageError) {
      say.err(`evaluate: ${thrown.message}\n\n${usage}`);
      return exitCodes.wrongUsage;
    }
    say.err(`evaluate: ${sentenceOf(thrown)}\n`);
    return exitCodes.cutShort;
  }
}

async function measureAll(options: MeasureOptions, signal: AbortSignal, say: Output): Promise<boolean> {
  const evaluations = await evaluate(options, signal);
  if (evaluations === undefined) {
    say.err('Stopped. The same command goes on from here.\n');
    return false;
  }
  for (const evaluation of evaluations) {
    const [pack] = evaluation.report.packs;
    const folder =
      evaluations.length === 1 ? options.out : join(options.out, `${pack!.id.replaceAll('/', '-')}-${pack!.version}`);
    await writeEvaluation(folder, evaluation);
    const { macroAuc } = evaluation.report;
    say.out(`${join(folder, 'report.md')}${macroAuc === null ? '' : `: mean AUC ${figure(macroAuc)}`}\n`);
  }
  return true;
}

async function writeEvaluation(folder: string, { report, sample }: Evaluation): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'report.json'), toJson(report));
  await writeFile(join(folder, 'report.md'), reportMarkdown(report));
  await writeFile(join(folder, 'scores.csv'), scoresCsv(sample));
  await writeFile(join(folder, 'roc.svg'), rocPlot(report.findings));
  await writeFile(join(folder, 'reliability.svg'), reliabilityPlot(report.findings));
}

function sentenceOf(thrown: unknown): string {
  if (thrown instanceof AppError) return errorSentence(thrown);
  return thrown instanceof Error ? thrown.message : String(thrown);
}
