/** Findings in words: a name, and one line of what it is. */

import { msg } from '@lit/localize';
import type { Band, Grade } from '../shared/analysis.ts';
import { findingIds, type FindingId } from '../shared/finding-ids.ts';
import type { PackFinding } from '../shared/pack.ts';

export interface FindingText {
  readonly name: string;
  readonly meaning: string;
}

const texts: Readonly<Record<FindingId, () => FindingText>> = {
  Atelectasis: () => ({ name: msg('Atelectasis'), meaning: msg('A part of the lung has collapsed.') }),
  Consolidation: () => ({ name: msg('Consolidation'), meaning: msg('Air spaces are filled, for example with pus.') }),
  Infiltration: () => ({ name: msg('Infiltration'), meaning: msg('A hazy area in the lung; a loose term.') }),
  Pneumothorax: () => ({ name: msg('Pneumothorax'), meaning: msg('Air between the lung and the chest wall.') }),
  Edema: () => ({ name: msg('Edema'), meaning: msg('Fluid in the lungs.') }),
  Emphysema: () => ({ name: msg('Emphysema'), meaning: msg('Over-inflated lungs with destroyed air sacs.') }),
  Fibrosis: () => ({ name: msg('Fibrosis'), meaning: msg('Scarring of the lung.') }),
  Effusion: () => ({ name: msg('Effusion'), meaning: msg('Fluid between the lung and the chest wall.') }),
  Pneumonia: () => ({ name: msg('Pneumonia'), meaning: msg('Signs that suggest an infection of the lung.') }),
  Pleural_Thickening: () => ({
    name: msg('Pleural thickening'),
    meaning: msg('The lining of the lung is thicker than usual.'),
  }),
  Cardiomegaly: () => ({ name: msg('Cardiomegaly'), meaning: msg('An enlarged heart.') }),
  Nodule: () => ({ name: msg('Nodule'), meaning: msg('A round spot of up to 3 cm.') }),
  Mass: () => ({ name: msg('Mass'), meaning: msg('A round spot of more than 3 cm.') }),
  Hernia: () => ({ name: msg('Hernia'), meaning: msg('Part of the stomach lies in the chest.') }),
  'Lung Lesion': () => ({ name: msg('Lung lesion'), meaning: msg('A spot in the lung of any size.') }),
  Fracture: () => ({ name: msg('Fracture'), meaning: msg('A broken bone.') }),
  'Lung Opacity': () => ({ name: msg('Lung opacity'), meaning: msg('A white area in the lung of any cause.') }),
  'Enlarged Cardiomediastinum': () => ({
    name: msg('Enlarged cardiomediastinum'),
    meaning: msg('The middle of the chest is wider than usual.'),
  }),
};

function isFindingId(id: string): id is FindingId {
  return (findingIds as readonly string[]).includes(id);
}

/** A pack may bring findings that this app has no words for: they keep their own name. */
export function findingText(id: string): FindingText {
  return isFindingId(id) ? texts[id]() : { name: id.replaceAll('_', ' '), meaning: '' };
}

export function bandText(band: Band): string {
  switch (band) {
    case 'above':
      return msg('above its threshold');
    case 'unsure':
      return msg("can't tell");
    case 'below':
      return msg('below its threshold');
  }
}

export function gradeText(grade: Grade): string {
  switch (grade) {
    case 'strong':
      return msg('strong');
    case 'fair':
      return msg('fair');
    case 'weak':
      return msg('weak');
    case 'unmeasured':
      return msg('not measured');
  }
}

export function gradeMeaning(grade: Grade): string {
  switch (grade) {
    case 'strong':
      return msg('The model tells patients with and without this finding apart well.');
    case 'fair':
      return msg('The model tells patients with and without this finding apart moderately.');
    case 'weak':
      return msg('The model is hardly better than guessing here, or too few patients were tested.');
    case 'unmeasured':
      return msg('How well the model sees this finding was not measured here.');
  }
}

/** On whose patients a published figure was measured, and where that is said. Data: not translated. */
export function publishedSource({ testSet, source }: NonNullable<PackFinding['publishedAuc']>): string {
  return `${testSet}; ${source}`;
}
