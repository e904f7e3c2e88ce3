/**
 * `node --import tsx tools/docs/main.ts` writes docs/errors.md, docs/user-guide.md and docs/dicom-conformance.md from the sentences
 * that the app shows and the tables that it uses, so that they cannot disagree. `test/components/docs.test.ts` fails where they do.
 */

import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import type { ModelOrigin } from '../../src/app/model-library.ts';
import { grades, reasonCodes, type Band } from '../../src/shared/analysis.ts';
import { errorCodes } from '../../src/shared/app-error.ts';
import { errorText } from '../../src/ui/error-text.ts';
import { bandText, gradeMeaning, gradeText } from '../../src/ui/finding-text.ts';
import { helpPages } from '../../src/ui/help-content.ts';
import { missingText } from '../../src/ui/missing-text.ts';
import { modelHelp } from '../../src/ui/model-text.ts';
import { originText } from '../../src/ui/origin-text.ts';
import { reasonText } from '../../src/ui/reason-text.ts';
import { dicomConformance } from './dicom-conformance.ts';
import { errorCauses } from './error-causes.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const written = '<!-- Written by tools/docs/main.ts from src/ui: change the sentences there. -->';
const bands: readonly Band[] = ['above', 'unsure', 'below'];
const origins: readonly ModelOrigin[] = ['embedded', 'published', 'unverified', 'unknown'];
const capabilities = [
  'secure-context',
  'in-app-browser',
  'webassembly',
  'service-worker',
  'indexed-db',
  'private-window',
  'module-worker',
] as const;

function errors(): string {
  const sections = errorCodes.map((code) => {
    const { sentence, nextStep } = errorText(code);
    return `### \`${code}\`\n\n- **Says:** ${sentence}\n- **What to do:** ${nextStep}\n- **Cause:** ${errorCauses[code]}`;
  });
  const missing = capabilities.map((what) => {
    const { sentence, instead } = missingText(what);
    return `### \`${what}\`\n\n- **Says:** ${sentence}\n- **What to open instead:** ${instead}`;
  });
  return [
    '# Errors',
    written,
    'Each error has a code. The app shows the sentence, the next step and, small, the code with its details; the command line prints the code.',
    '## Codes',
    ...sections,
    '## Browsers that cannot run the app',
    ...missing,
  ].join('\n\n');
}

function userGuide(): string {
  const help = helpPages().flatMap((page, index) => [`## ${index + 1}. ${page.title}`, ...page.paragraphs]);
  const reasons = reasonCodes.map((code) => {
    const { sentence, nextStep } = reasonText(code);
    return `| \`${code}\` | ${sentence} | ${nextStep} |`;
  });
  return [
    '# User guide',
    written,
    '**Not for medical use.** The five sections are the five help screens of the app.',
    ...help,
    '## Words on the screen',
    `Bands: ${bands.map((band) => `*${bandText(band)}*`).join(', ')}.`,
    grades.map((grade) => `- **${gradeText(grade)}**: ${gradeMeaning(grade)}`).join('\n'),
    '## Warnings and refusals',
    'A reason may come with a value and the limit that it was compared with; what is measured is told in the model card. Not every reason is found by this version.',
    ['| Code | Says | What to do |', '| --- | --- | --- |', ...reasons].join('\n'),
    '## Models',
    ...modelHelp(),
    'Everything is done on the **Models** screen. The origin of a model is one of these:',
    origins
      .map((origin) => {
        const { label, meaning } = originText(origin);
        return `- **${label}**: ${meaning}`;
      })
      .join('\n'),
    'To bring a model in without internet:',
    [
      '1. On a device that has it: **Models**, then **Save to a file**. Or take the `.chesterpack` file that whoever runs the site made.',
      '2. Carry the file on an SD card or a USB stick, or send it from phone to phone.',
      '3. On the other device: **Models**, then **Open a model file**; on a computer the file can be dropped on the page.',
      '4. The file is checked, then tested with pictures whose answers are known. Only then you are asked whether to use it; until then nothing changes.',
    ].join('\n'),
    'A second opinion stands under the words of the app’s own check, with its name, the similarity that it found and the one that it accepts.',
    '## Ways to open an X-ray',
    [
      '- **Open X-ray** takes one or several files: DICOM (also without an extension), JPEG, PNG, WebP, and what else the browser can decode. Of a DICOM file with several pictures the first is read; [dicom-conformance.md](dicom-conformance.md) tells what is read.',
      '- **Take photo** opens the live camera. It outlines the film where it sees it and says one thing at a time: what to change until the photo will be good. Once the film is near, straight, well lit and steady for about a second, it shoots by itself; a ring around the button counts down. **Automatic** switches that off; the round button, Enter and Space always take the photo, Escape closes the camera. Its light stays off, and no picture is kept but the one that is taken. The camera is off as soon as it is not on the screen.',
      '- Where there is no live camera, or it was not allowed, **Take photo** opens the camera app of the device instead. A photo from the gallery goes the same way: open it, then say on its result that it is a photo, or choose it with **Open a photo** where the camera did not start.',
      '- On a computer, drop pictures anywhere on the page, or paste one.',
      '- Once installed: share a picture to Chester from the gallery or a chat, open one with Chester from the files, or keep the icon pressed for its shortcuts.',
    ].join('\n'),
    '## Keyboard',
    'Everything is reached with Tab and worked with Enter or Space. Escape cancels the work on the X-ray that is shown, closes the camera, and closes a question without doing anything.',
  ].join('\n\n');
}

for (const [name, text] of [
  ['errors.md', errors()],
  ['user-guide.md', userGuide()],
  ['dicom-conformance.md', dicomConformance(written)],
] as const) {
  writeFileSync(join(root, 'docs', name), await format(text, { parser: 'markdown', printWidth: 120 }));
}
