import { parseArgs } from 'node:util';
import { AppError } from '../../src/shared/app-error.ts';
import { errorSentence } from '../read/error-sentences.ts';
import { addCommand } from './commands/add.ts';
import { bundleCommand, checkCommand, diffCommand, listCommand } from './commands/others.ts';
import { gateCommand } from './commands/gate.ts';
import { lungsCommand } from './commands/lungs.ts';
import { trainedCommand } from './commands/trained.ts';
import { UsageError } from './commands/usage-error.ts';

const usage = `Usage: npm run pack -- COMMAND

  add chester-v3 | chester-ae     brings a published network in: downloads it, proves that it is the published one and
                                  that the pack answers as the original does
      --from DIR|URL              a folder that holds its files, or a mirror
      --unverified                takes other weights of the same shape, and says so wherever they answer
  add FILE.pt|FILE.safetensors    a DenseNet-121 that PyTorch saved; nothing in the file is executed
      --as RELEASE                densenet121-res224-all, -nih, -pc, -chex, -rsna, -mimic_nb, -mimic_ch
      --labels a,b,c --size N     a network of your own: what its outputs mean, and its input's side in pixels
  with either
      --accept-license            you have read its licence, which is shown without this
      --dtype float32|float16|int8   default float16
      --allow-difference X        takes a pack that is up to X off in logit (int8: 0.15 without this)
      --out DIR                   default models
      --id ID --pack-version X.Y.Z   default: the model's name, 1.0.0

  check FOLDER…                   proves packs: schema, hashes, known answers, maps against logits
  list                            what catalog.json offers
  diff A B                        what differs between two packs (folders or .chesterpack files)
  bundle ID|FOLDER [--out FILE]   one .chesterpack file, to carry on a card
  trained --from FOLDER           what training/ exported, as a pack
      --id ID --pack-version X.Y.Z --out DIR   default pocket, none, models; models: its catalogue is kept up to date
      --calibration FILE          what npm run evaluate -- --calibrate measured of the findings
      --embedded                  it comes with the app
  lungs --from FOLDER --pack-version X.Y.Z [--embedded]
                                  the same for the network of lungs and heart; needs the data folder, to measure it
  gate --from FOLDER --pack-version X.Y.Z [--embedded]
                                  the same for the gate's network
`;

const exitCodes = { done: 0, failed: 1, wrongUsage: 2 } as const;

const options = {
  from: { type: 'string' },
  as: { type: 'string' },
  labels: { type: 'string' },
  size: { type: 'string' },
  dtype: { type: 'string' },
  'allow-difference': { type: 'string' },
  out: { type: 'string' },
  id: { type: 'string' },
  'pack-version': { type: 'string' },
  calibration: { type: 'string' },
  embedded: { type: 'boolean', default: false },
  unverified: { type: 'boolean', default: false },
  'accept-license': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** What was typed behind a command. */
export type PackOptions = ReturnType<typeof parse>['values'];

const commands: Readonly<Record<string, (words: readonly string[], given: PackOptions) => Promise<string>>> = {
  add: addCommand,
  check: checkCommand,
  list: listCommand,
  diff: diffCommand,
  bundle: bundleCommand,
  trained: trainedCommand,
  lungs: lungsCommand,
  gate: gateCommand,
};

/**
 * The whole program, but for the process around it.
 *
 * @param argv the words after the program's name
 * @returns the exit code
 */
export async function runPackCommand(argv: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parse(argv);
    const [name = '', ...words] = positionals;
    if (values.help) {
      process.stdout.write(usage);
      return exitCodes.done;
    }
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) throw new UsageError(name === '' ? 'no command' : `no command is called ${name}`);
    process.stdout.write(`${await command(words, values)}\n`);
    return exitCodes.done;
  } catch (thrown) {
    if (thrown instanceof UsageError) {
      process.stderr.write(`pack: ${thrown.message}\n\n${usage}`);
      return exitCodes.wrongUsage;
    }
    process.stderr.write(`pack: ${sentenceOf(thrown)}\n`);
    return exitCodes.failed;
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (thrown) {
    throw new UsageError(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function sentenceOf(thrown: unknown): string {
  if (thrown instanceof AppError) return `${errorSentence(thrown)} (${thrown.message})`;
  return thrown instanceof Error ? thrown.message : String(thrown);
}
