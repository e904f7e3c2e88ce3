/** What is asked before a model, or a version of one, goes. The harmless answer stands first and has the focus. */

import { msg, str } from '@lit/localize';
import type { Model, ModelVersion } from '../app/model-library.ts';
import type { PackRole } from '../shared/pack.ts';
import type { Question } from './confirm-dialog.ts';
import { formatBytes } from './format.ts';
import { modelTitle } from './model-text.ts';

export interface Removal {
  readonly title: string;
  readonly bytes: number;
  readonly role: PackRole | undefined;
  /** True where it answers now. */
  readonly inUse: boolean;
  /** The others of its role that could answer: their titles. */
  readonly others: readonly string[];
}

export function removalOf(model: Model, models: readonly Model[]): Removal {
  const others = models.filter(({ id, role, installed }) => id !== model.id && role === model.role && installed);
  return {
    title: modelTitle(model),
    bytes: bytesOf(model),
    role: model.role,
    inUse: model.inUse,
    others: others.map(modelTitle),
  };
}

export function askRemoveModel(removal: Removal): Question {
  return {
    title: msg(str`Remove “${removal.title}” from this device?`),
    text: `${msg(str`It frees ${formatBytes(removal.bytes)}.`)} ${whatAnswersThen(removal)}`,
    answers: [
      { value: 'stay', label: msg('Keep it'), look: 'primary' },
      { value: 'remove', label: msg('Remove it'), look: 'danger' },
    ],
  };
}

export function askRollBack(model: Model, previous: ModelVersion): Question {
  const { installed } = model;
  return {
    title: msg(str`Go back to version ${previous.version} of “${modelTitle(model)}”?`),
    text: msg(
      str`Version ${installed?.version ?? ''} is removed (${formatBytes(installed?.bytes ?? 0)}). To have it again it must be brought in again. Results that are shown stay as they are.`,
    ),
    answers: [
      { value: 'stay', label: msg('Keep the newer one'), look: 'primary' },
      { value: 'back', label: msg(str`Go back to version ${previous.version}`), look: 'danger' },
    ],
  };
}

function whatAnswersThen({ role, inUse, others }: Removal): string {
  if (!inUse) return msg('It is not in use: nothing changes in how X-rays are read.');
  if (role === 'gate') return msg('The app then recognises other pictures, and turned ones, less often.');
  if (role === 'lungs') return msg('The app then outlines neither lungs nor heart, and measures no ratio.');
  if (role === 'second-opinion') return msg('The app then checks pictures without a second opinion.');
  const [only] = others;
  if (only === undefined) return msg('The app cannot read X-rays without it until it has been brought in again.');
  return others.length === 1
    ? msg(str`X-rays are then read by “${only}”.`)
    : msg('X-rays are then read by another model that is on this device; this screen shows which.');
}

/** All that lies on the device of it: the version that answers, the one before, and what has arrived of the next. */
function bytesOf({ installed, previous, activity }: Model): number {
  const arrived = activity.kind === 'downloading' || activity.kind === 'paused' ? activity.receivedBytes : 0;
  return (installed?.bytes ?? 0) + (previous?.bytes ?? 0) + arrived;
}
