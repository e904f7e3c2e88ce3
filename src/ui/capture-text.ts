/** The camera's hints in words and as shapes. */

import { svg, type TemplateResult } from 'lit';
import { msg } from '@lit/localize';
import type { CaptureHint } from '../app/capture-guide.ts';
import { errorText } from './error-text.ts';
import { icon } from './icons.ts';

/** Seen from an arm’s length, beside words. */
const size = 32;

/** @param automatic whether the app shoots by itself */
export function hintWords(hint: CaptureHint, automatic: boolean): string {
  switch (hint) {
    case 'black':
      return errorText('camera-black').sentence;
    case 'searching':
      return msg('Point the camera at the film');
    case 'farther':
      return msg('Step back: show the whole film');
    case 'closer':
      return msg('Come closer');
    case 'straighten':
      return msg('Straighten: face the film squarely');
    case 'too-dark':
      return msg('Too dark: use a brighter light box');
    case 'too-bright':
      return msg('Too bright: step back a little, or dim the light');
    case 'glare':
      return msg('Glare: move aside, or switch lamps off');
    case 'hold-still':
      return msg('Hold still');
    case 'ready':
      return automatic ? msg('Good: hold still') : msg('Good: take the photo');
  }
}

export function hintIcon(hint: CaptureHint): TemplateResult {
  switch (hint) {
    case 'black':
      // An eye, crossed out.
      return icon(svg`<path d="M3 12s3.500-6 9-6 9 6 9 6-3.500 6-9 6-9-6-9-6Z" /><path d="M4 4l16 16" />`, size);
    case 'searching':
      return icon(svg`<circle cx="10.500" cy="10.500" r="6.500" /><path d="m15.500 15.500 5 5" />`, size);
    case 'farther':
      // Arrows towards the middle.
      return icon(svg`<path d="M4 4l5.500 5.500M9.500 5v4.500H5M20 20l-5.500-5.500m0 4.500v-4.500H19" />`, size);
    case 'closer':
      // Arrows away from the middle.
      return icon(svg`<path d="M9.500 9.500 4 4m0 4.500V4h4.500m6 10.500L20 20m0-4.500V20h-4.500" />`, size);
    case 'straighten':
      // A slanted sheet, and the turn that puts it right.
      return icon(svg`<path d="m7 8 9-3 3 9-9 3Z" /><path d="M4 13a8 8 0 0 0 5 7.500m0-3.500v3.500H5.500" />`, size);
    case 'too-dark':
      return icon(svg`<path d="M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500Z" />`, size);
    case 'too-bright':
      return icon(
        svg`<circle cx="12" cy="12" r="4" /><path d="M12 2.500v2m0 15v2M2.500 12h2m15 0h2M5.300 5.300l1.400 1.400m10.600 10.600 1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400" />`,
        size,
      );
    case 'glare':
      // A lamp's star on a sheet.
      return icon(
        svg`<path d="M5 3h14v18H5Z" /><path d="m12 7 1.300 3.700L17 12l-3.700 1.300L12 17l-1.300-3.700L7 12l3.700-1.300Z" />`,
        size,
      );
    case 'hold-still':
      // A flat hand's bar between two walls: no way to go.
      return icon(svg`<path d="M4 5v14M20 5v14M9 8v8m6-8v8" />`, size);
    case 'ready':
      return icon(svg`<circle cx="12" cy="12" r="9" /><path d="m8 12.500 2.800 2.800L16.200 9" />`, size);
  }
}
