/** Numbers, sizes and times as people read them, in the language of the page. */

import { msg, str } from '@lit/localize';
import { getLocale } from './localization.ts';

const bytesInKilobyte = 1e3;
const bytesInMegabyte = 1e6;
/** Below this a size is told in kB: "0.0 MB" tells nothing. */
const smallestInMegabytes = 1e5;
/** Scores below this would read as 0.00 with two digits. */
const smallScore = 0.1;
const secondsInMinute = 60;

/** Pseudo-locales format as English does. */
function numberLocale(): string {
  return getLocale().replace(/-x-.*$/, '');
}

export function formatNumber(value: number, fractionDigits: number): string {
  return new Intl.NumberFormat(numberLocale(), {
    minimumFractionDigits: fractionDigits,
    maximumFractionDigits: fractionDigits,
  }).format(value);
}

/** MB = 10⁶ bytes. */
export function formatBytes(bytes: number): string {
  if (bytes < smallestInMegabytes) return msg(str`${formatNumber(Math.ceil(bytes / bytesInKilobyte), 0)} kB`);
  return msg(str`${formatNumber(bytes / bytesInMegabyte, 1)} MB`);
}

/** A score or threshold of 0..1: two digits, three where two would hide the difference. */
export function formatScore(score: number): string {
  return formatNumber(score, score < smallScore ? 3 : 2);
}

export function formatPercent(share: number): string {
  return new Intl.NumberFormat(numberLocale(), { style: 'percent', maximumFractionDigits: 1 }).format(share);
}

/** ISO 8601 → date and minute in the device's time zone. */
export function formatTime(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return new Intl.DateTimeFormat(numberLocale(), { dateStyle: 'medium', timeStyle: 'short' }).format(time);
}

export function formatSecondsLeft(seconds: number): string {
  if (seconds < secondsInMinute) return msg(str`about ${Math.max(1, Math.ceil(seconds))} s left`);
  return msg(str`about ${Math.ceil(seconds / secondsInMinute)} min left`);
}
