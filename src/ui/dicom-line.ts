/** What a DICOM header says of the picture, in one line; text from the file, shown as text. */

import { html, type TemplateResult } from 'lit';
import { msg, str } from '@lit/localize';
import type { DicomFacts } from '../shared/analysis.ts';

export function dicomLine(facts: DicomFacts): TemplateResult {
  const { modality, bodyPart, viewPosition, voi, frame, frames } = facts;
  const header = ['DICOM', modality, bodyPart, viewPosition].filter((text) => text !== undefined);
  const words = [...windowWords(voi), ...frameWords(frame, frames)].map((text) => ` · ${text}`);
  return html`<span translate="no">${header.join(' · ')}</span>${words}`;
}

function windowWords({ kind, center, width }: DicomFacts['voi']): string[] {
  switch (kind) {
    case 'none':
      return [];
    case 'table':
      return [msg('grey values by the file’s table')];
    case 'window':
      return [msg(str`window ${center ?? 0} / ${width ?? 0}`)];
    case 'percentiles':
      return [msg('no window in the file: fitted to the picture')];
  }
}

function frameWords(frame: number, frames: number): string[] {
  return frames > 1 ? [msg(str`picture ${frame} of ${frames}`)] : [];
}
