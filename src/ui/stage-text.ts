/** Stages of work as the five steps that people see. */

import { msg } from '@lit/localize';
import type { WorkStage } from '../app/app-model.ts';

export const workSteps = ['file', 'engine', 'gate', 'findings', 'maps'] as const;
export type WorkStep = (typeof workSteps)[number];

const stepOfStage: Readonly<Record<WorkStage, WorkStep | undefined>> = {
  queued: undefined,
  reading: 'file',
  hashing: 'file',
  decoding: 'file',
  preparing: 'file',
  'starting-engine': 'engine',
  proving: 'engine',
  gate: 'gate',
  findings: 'findings',
  maps: 'maps',
};

/** `undefined` while the item waits for its turn. */
export function workStep(stage: WorkStage): WorkStep | undefined {
  return stepOfStage[stage];
}

export function workStepText(step: WorkStep): string {
  switch (step) {
    case 'file':
      return msg('Reading the picture');
    case 'engine':
      return msg('Getting the model ready');
    case 'gate':
      return msg('Checking that the model knows such pictures');
    case 'findings':
      return msg('Looking for findings');
    case 'maps':
      return msg('Drawing the maps');
  }
}

export function stageText(stage: WorkStage): string {
  const step = workStep(stage);
  return step === undefined ? msg('Waiting for its turn') : workStepText(step);
}
