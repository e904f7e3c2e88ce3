/** What changed from one version of a model to another, as a person reads it before relying on the new one. */

import { html, nothing, type TemplateResult } from 'lit';
import { msg } from '@lit/localize';
import type { Grade } from '../shared/analysis.ts';
import { grades } from '../shared/analysis.ts';
import type { ChangedNumber, PackDifference } from '../shared/diff-packs.ts';
import { findingText, gradeText } from './finding-text.ts';
import { formatNumber, formatScore } from './format.ts';

const aucDigits = 2;

interface Row {
  readonly finding: string;
  readonly what: string;
  readonly before: string;
  readonly now: string;
}

/** `from` and `to` are the two versions' names. */
export function packDifference(difference: PackDifference, from: string, to: string): TemplateResult {
  const rows = changedRows(difference);
  const sentences = changeSentences(difference);
  return html`${
    sentences.length === 0 && rows.length === 0
      ? html`<p>${msg('Findings, thresholds, figures and weights are the same.')}</p>`
      : html`<ul>
          ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
        </ul>`
  }
  ${
    rows.length === 0
      ? nothing
      : html`<div class="table-scroll" tabindex="0" role="group" aria-label=${msg('What changed')}>
          <table>
            <thead>
              <tr>
                <th scope="col">${msg('Finding')}</th>
                <th scope="col" translate="no">${from}</th>
                <th scope="col" translate="no">${to}</th>
              </tr>
            </thead>
            <tbody>
              ${rows.map(
                ({ finding, what, before, now }) =>
                  html`<tr>
                    <th scope="row">${finding}<br /><span class="what">${what}</span></th>
                    <td>${before}</td>
                    <td>${now}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>`
  }`;
}

function changeSentences(difference: PackDifference): readonly TemplateResult[] {
  const names = (ids: readonly string[]): string => ids.map((id) => findingText(id).name).join(', ');
  return [
    ...(difference.findingsAdded.length === 0
      ? []
      : [html`${msg('New findings:')} <strong>${names(difference.findingsAdded)}</strong>`]),
    ...(difference.findingsRemoved.length === 0
      ? []
      : [html`${msg('No longer there:')} <strong>${names(difference.findingsRemoved)}</strong>`]),
    ...(difference.inputChanged
      ? [
          html`${msg('It looks at pictures in another size, cut or range: do not compare its scores with earlier ones.')}`,
        ]
      : []),
    ...(difference.weightsChanged ? [html`${msg('The network itself is another: expect other scores.')}`] : []),
  ];
}

function changedRows({ thresholds, auc, grades: changedGrades }: PackDifference): readonly Row[] {
  const number = (what: string, format: (value: number) => string) => (changed: ChangedNumber) => ({
    finding: findingText(changed.id).name,
    what,
    before: changed.from === undefined ? msg('not stated') : format(changed.from),
    now: changed.to === undefined ? msg('not stated') : format(changed.to),
  });
  return [
    ...thresholds.map(number(msg('threshold'), formatScore)),
    ...auc.map(number(msg('AUC'), (value) => formatNumber(value, aucDigits))),
    ...changedGrades.map(({ id, from, to }) => ({
      finding: findingText(id).name,
      what: msg('how good the model is'),
      before: gradeWords(from),
      now: gradeWords(to),
    })),
  ].sort((left, right) => left.finding.localeCompare(right.finding));
}

function gradeWords(grade: string): string {
  return isGrade(grade) ? gradeText(grade) : grade;
}

function isGrade(grade: string): grade is Grade {
  return (grades as readonly string[]).includes(grade);
}
