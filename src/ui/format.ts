/** Numbers, sizes and times as people read them, in the language of the page. */

import { msg, str } from '@lit/localize';
import { getLocale } from './localization.ts';

const bytesInKilobyte = 1e3;
const bytesInMegabyte = 1e6;
const bytesInGigabyte = 1e9;
/** Below this a size is told in kB: "0.0 MB" tells nothing. */
const smallestInMegabytes = 1e5;
/** Thresholds are as low as 0.02, and scores lie close to them. */
const scoreDigits = 3;
const smallDigits = 2;
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

/** kB, MB and GB are 10³, 10⁶ and 10⁹ bytes. */
export function formatBytes(bytes: number): string {
  if (bytes < smallestInMegabytes) return msg(str`${formatNumber(Math.ceil(bytes / bytesInKilobyte), 0)} kB`);
  if (bytes < bytesInGigabyte) return msg(str`${formatNumber(bytes / bytesInMegabyte, 1)} MB`);
  return msg(str`${formatNumber(bytes / bytesInGigabyte, 1)} GB`);
}

/** A score or threshold of 0..1. */
export function formatScore(score: number): string {
  return formatNumber(score, scoreDigits);
}

/** A difference that may be very small: two digits that say something. */
export function formatSmall(value: number): string {
  return new Intl.NumberFormat(numberLocale(), { maximumSignificantDigits: smallDigits }).format(value);
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
