/** Models in words: titles, roles, what they are for, and what a person should know of them. */

import { msg } from '@lit/localize';
import type { Model } from '../app/model-library.ts';
import type { ErrorCode } from '../shared/app-error.ts';
import type { PackRole } from '../shared/pack.ts';
import { errorText, type ErrorText } from './error-text.ts';

/** Its own title; its id where only the catalogue's line is known. */
export function modelTitle({ id, installed, offered }: Model): string {
  return (installed ?? offered)?.manifest?.title ?? id;
}

/** Empty where nobody knows it yet. */
export function roleText(role: PackRole | undefined): string {
  switch (role) {
    case 'findings':
      return msg('Findings');
    case 'gate':
      return msg('Whether it is a frontal chest X-ray, and how it lies');
    case 'lungs':
      return msg('Lungs, heart and the ratio of their widths');
    case 'second-opinion':
      return msg('Second opinion on whether it is a chest X-ray');
    case undefined:
      return '';
  }
}

export function useText(role: PackRole): string {
  switch (role) {
    case 'findings':
      return msg('Use for findings');
    case 'gate':
      return msg('Use as gate');
    case 'lungs':
      return msg('Use for lungs and heart');
    case 'second-opinion':
      return msg('Use as second opinion');
  }
}

/** On a model's own card it is not the only one that could answer: the sentence must not say so. */
export function modelErrorText(code: ErrorCode): ErrorText {
  if (code !== 'known-answer-mismatch') return errorText(code);
  return {
    sentence: msg('This version gives wrong answers to test pictures on this device, so it is not used.'),
    nextStep: msg('Use another model, or update the browser and try again.'),
  };
}

/** Where it came in a file there is nothing to download again. */
export function packFileErrorText(code: ErrorCode): ErrorText {
  switch (code) {
    case 'pack-invalid':
      return {
        sentence: msg('This file does not follow its own description, or is no model at all.'),
        nextStep: msg('Choose a file that ends in “.chesterpack”, or get it again from where it came.'),
      };
    case 'pack-hash-mismatch':
      return {
        sentence: msg('A part of this file is not what its maker wrote: it was damaged or changed on its way.'),
        nextStep: msg('Copy it again from where it came, then open the new copy.'),
      };
    default:
      return modelErrorText(code);
  }
}

/** What the Models screen and docs/user-guide.md tell of models. */
export function modelHelp(): readonly string[] {
  return [
    msg(
      'A model is the network that reads the X-ray. One model answers for the findings; others recognise what kind of picture it is, outline lungs and heart, or give a second opinion on whether it is a chest X-ray at all. Scores of different models cannot be compared.',
    ),
    msg(
      'The app comes with its own models. This site may offer more; each is downloaded once, with its size said before, and tested on this device with pictures whose answers are known. Only then it can be used.',
    ),
    msg(
      'Without internet, bring a model in from a file whose name ends in “.chesterpack”: from an SD card, a USB stick or another phone. “Save to a file” makes such a file of any model that is here.',
    ),
    msg(
      'A model says where it comes from. “Not the published model” and “of unknown origin” mean that nobody could check whose weights they are: each result made with them says so.',
    ),
    msg(
      'An update keeps the version before it and shows what changed: findings, thresholds and how well they were measured. If you do not like it, go back to the version before.',
    ),
    msg('Removing a model frees its room. Before that, you are told what reads X-rays then.'),
  ];
}
