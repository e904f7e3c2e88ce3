import { expect } from '@open-wc/testing';
import { reasonCodes } from '../../src/shared/analysis.ts';
import { errorCodes } from '../../src/shared/app-error.ts';
import { errorText } from '../../src/ui/error-text.ts';
import { helpPages } from '../../src/ui/help-content.ts';
import { modelHelp } from '../../src/ui/model-text.ts';
import { originText } from '../../src/ui/origin-text.ts';
import { reasonText } from '../../src/ui/reason-text.ts';

/** Markdown without its signs, so that sentences can be compared. */
async function text(path: string): Promise<string> {
  const response = await fetch(path);
  expect(response.status, path).to.equal(200);
  return (await response.text()).replace(/\\/g, '').replace(/\s+/g, ' ');
}

describe('the documents', () => {
  it('docs/errors.md has the sentence, the next step and the cause of every error', async () => {
    const document = await text('/docs/errors.md');
    for (const code of errorCodes) {
      const { sentence, nextStep } = errorText(code);
      expect(sentence.length, code).to.be.greaterThan(5);
      expect(document).to.contain(
        `### \`${code}\` - **Says:** ${sentence} - **What to do:** ${nextStep} - **Cause:** `,
      );
    }
  });

  it('docs/user-guide.md has the help screens, what models are and every reason', async () => {
    const document = await text('/docs/user-guide.md');
    for (const page of helpPages()) {
      for (const sentence of [page.title, ...page.paragraphs]) expect(document).to.contain(sentence);
    }
    for (const paragraph of modelHelp()) expect(document).to.contain(paragraph);
    for (const origin of ['embedded', 'published', 'unverified', 'unknown'] as const) {
      const { label, meaning } = originText(origin);
      expect(document).to.contain(`**${label}**: ${meaning}`);
    }
    const cells = document.replace(/ +\|/g, ' |');
    for (const code of reasonCodes) {
      const { sentence, nextStep } = reasonText(code);
      expect(cells).to.contain(`| \`${code}\` | ${sentence} | ${nextStep} |`);
    }
  });
});
