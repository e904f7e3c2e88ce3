/** How far a download is, in words and as a bar. Bytes are those that were received and those of all of it. */

import { html, type TemplateResult } from 'lit';
import { msg, str } from '@lit/localize';
import { formatBytes, formatSecondsLeft } from './format.ts';

export function downloadingText(receivedBytes: number, totalBytes: number, secondsLeft: number | undefined): string {
  const share = msg(str`Downloading: ${formatBytes(receivedBytes)} of ${formatBytes(totalBytes)}`);
  return secondsLeft === undefined ? share : `${share}, ${formatSecondsLeft(secondsLeft)}`;
}

export function pausedText(receivedBytes: number, totalBytes: number): string {
  return msg(
    str`Download paused at ${formatBytes(receivedBytes)} of ${formatBytes(totalBytes)}. What has arrived is kept.`,
  );
}

export function progressBar(receivedBytes: number, totalBytes: number, label = msg('Download')): TemplateResult {
  return html`<progress
    aria-label=${label}
    max=${Math.max(1, totalBytes)}
    .value=${Math.min(receivedBytes, totalBytes)}
  ></progress>`;
}
