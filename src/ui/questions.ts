/** The questions that the app asks before something is lost. The harmless answer stands first and has the focus. */

import { msg } from '@lit/localize';
import type { Question } from './confirm-dialog.ts';

export function askLeave(): Question {
  return {
    title: msg('This result is not kept'),
    text: msg('Print or save it if you need it. It stays in the list until the app is closed, reloaded or updated.'),
    answers: [
      { value: 'stay', label: msg('Stay and keep it'), look: 'primary' },
      { value: 'leave', label: msg('Leave without keeping') },
    ],
  };
}

export function askDismiss(): Question {
  return {
    title: msg('Remove a result that is not kept?'),
    text: msg('It was neither printed nor saved, and cannot be brought back. You can open the X-ray again.'),
    answers: [
      { value: 'stay', label: msg('Keep it in the list'), look: 'primary' },
      { value: 'remove', label: msg('Remove from the list'), look: 'danger' },
    ],
  };
}

export function askAnyway(): Question {
  return {
    title: msg('Show scores for a picture that was refused?'),
    text: msg(
      'The model was not made for such pictures: its scores will very likely be wrong. The result will say that you asked for them.',
    ),
    answers: [
      { value: 'stay', label: msg('Do not show them'), look: 'primary' },
      { value: 'anyway', label: msg('Analyse anyway'), look: 'danger' },
    ],
  };
}

export function askRemoveEverything(): Question {
  return {
    title: msg('Remove everything from this device?'),
    text: msg(
      'The model, the settings and the offline copy of the app go, and results that are not kept are lost. Opening the app again needs the internet.',
    ),
    answers: [
      { value: 'stay', label: msg('Keep everything'), look: 'primary' },
      { value: 'remove', label: msg('Remove everything'), look: 'danger' },
    ],
  };
}
