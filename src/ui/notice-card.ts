/** What happened and needs a sentence once, on whatever screen the person is. */

import { html, nothing, type TemplateResult } from 'lit';
import { msg, str } from '@lit/localize';
import type { Notice } from '../app/app-model.ts';
import type { PlainError } from '../shared/app-error.ts';
import { errorDetails, errorText, type ErrorText } from './error-text.ts';
import { cautionIcon, infoIcon } from './icons.ts';

export interface NoticeWays {
  readonly dismiss: () => void;
  /** Absent on screens that open no X-ray. */
  readonly openXray?: () => void;
}

export function noticeCard(notice: Notice, { dismiss, openXray }: NoticeWays): TemplateResult {
  switch (notice.kind) {
    case 'camera-interrupted': {
      const { sentence, nextStep } = errorText('camera-interrupted');
      return html`<section class="card caution" role="status">
        <div class="title-row">
          ${cautionIcon()}
          <p>${sentence} ${nextStep}</p>
        </div>
        <div class="row">
          ${
            openXray === undefined
              ? nothing
              : html`<button type="button" @click=${openXray}>${msg('Open X-ray')}</button>`
          }
          ${dismissButton(dismiss)}
        </div>
      </section>`;
    }
    case 'not-persisted':
      return told(
        msg(
          'The browser may remove the model when the device runs short of room. Installing the app makes that less likely.',
        ),
        dismiss,
      );
    case 'updated':
      return told(msg(str`Chester was updated to version ${notice.version}.`), dismiss);
    case 'error':
      return errorCard(notice.error, dismiss);
  }
}

function told(words: string, dismiss: () => void): TemplateResult {
  return html`<section class="card" role="status">
    <div class="title-row">
      ${infoIcon()}
      <p>${words}</p>
    </div>
    ${dismissButton(dismiss)}
  </section>`;
}

/** An error with its next step, and its code for whoever is asked for help. */
export function errorCard(error: PlainError, dismiss: () => void): TemplateResult {
  return html`<section class="card danger" role="alert">${errorWords(error)} ${dismissButton(dismiss)}</section>`;
}

/** `text` where the place has words of its own for what happened. */
export function errorWords(error: PlainError, text: ErrorText = errorText(error.code)): TemplateResult {
  return html`<div class="title-row">
      ${cautionIcon()}
      <p>${text.sentence} ${text.nextStep}</p>
    </div>
    <p class="small quiet-text" translate="no">${errorDetails(error)}</p>`;
}

function dismissButton(dismiss: () => void): TemplateResult {
  return html`<button type="button" class="quiet" @click=${dismiss}>${msg('Dismiss')}</button>`;
}
