/**
 * `npm run localize` collects every sentence of src/ui, writes the pseudo-locale, and builds `src/ui/locales/`.
 * A sentence that another locale lacks is an error: the library itself only warns.
 *
 *   npm run localize -- --check    changes nothing; fails where the committed locales are not those of the sources
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fillPseudoTargets } from './pseudo.ts';

const folder = dirname(fileURLToPath(import.meta.url));
const root = join(folder, '../..');
const xliffFolder = join(folder, 'xliff');
const localesFolder = join(root, 'src/ui/locales');
const pseudoLocale = 'en-x-pseudo';

function litLocalize(command: 'extract' | 'build'): string {
  const program = join(root, 'node_modules/.bin/lit-localize');
  return execFileSync(program, [command, '--config', join(folder, 'lit-localize.json')], {
    cwd: root,
    encoding: 'utf8',
  });
}

/** Units without a `<target>`, a locale each. */
function missingTranslations(): string[] {
  return readdirSync(xliffFolder)
    .filter((name) => name.endsWith('.xlf'))
    .flatMap((name) => {
      const units = readFileSync(join(xliffFolder, name), 'utf8').match(/<trans-unit[\s\S]*?<\/trans-unit>/g) ?? [];
      const missing = units.filter((unit) => !unit.includes('<target'));
      return missing.length === 0 ? [] : [`${name}: ${missing.length} of ${units.length} sentences are not translated`];
    });
}

function localize(): void {
  // The pseudo-locale is made anew, so that sentences that are gone do not stay in it.
  const pseudoFile = join(xliffFolder, `${pseudoLocale}.xlf`);
  mkdirSync(xliffFolder, { recursive: true });
  rmSync(pseudoFile, { force: true });
  litLocalize('extract');
  writeFileSync(pseudoFile, fillPseudoTargets(readFileSync(pseudoFile, 'utf8')));
  const missing = missingTranslations();
  if (missing.length > 0) throw new Error(missing.join('\n'));
  litLocalize('build');
}

function localeFiles(): Map<string, string> {
  if (!existsSync(localesFolder)) return new Map();
  const names = readdirSync(localesFolder).filter((name) => name.endsWith('.ts'));
  return new Map(names.map((name) => [name, readFileSync(join(localesFolder, name), 'utf8')]));
}

function check(): void {
  const before = localeFiles();
  localize();
  const after = localeFiles();
  const stale = [...after].filter(([name, text]) => before.get(name) !== text).map(([name]) => name);
  for (const [name, text] of before) writeFileSync(join(localesFolder, name), text);
  if (stale.length > 0) throw new Error(`src/ui/locales is out of date (${stale.join(', ')}): run npm run localize`);
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
try {
  if (values.check) check();
  else localize();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
