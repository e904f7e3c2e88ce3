/** Words of the layers that can be drawn over a picture, and what is drawn of them. */

import { msg, str } from '@lit/localize';
import type { Explanation, ExplanationKind, FindingMap } from '../shared/analysis.ts';
import { findingText } from './finding-text.ts';

/** A finding's map, or what explains the finding in detail. */
export type Layer = 'map' | ExplanationKind;

export const layers: readonly Layer[] = ['map', 'gradient', 'occlusion'];

export function layerName(layer: Layer): string {
  switch (layer) {
    case 'map':
      return msg('Map');
    case 'gradient':
      return msg('Pixels that count');
    case 'occlusion':
      return msg('Cover and compare');
  }
}

/** What a layer shows, each sentence so that it tells it from the others. */
export function layerMeaning(layer: Layer): string {
  switch (layer) {
    case 'map':
      return msg('Where the network’s features speak for the finding.');
    case 'gradient':
      return msg('Which pixels would change the score if they changed a little, up or down.');
    case 'occlusion':
      return msg('How far the score falls when a part of the picture is covered with grey.');
  }
}

/** What the picture is, for ears. */
export function pictureLabel(name: string, finding: string, layer: Layer): string {
  const { name: findingName } = findingText(finding);
  switch (layer) {
    case 'map':
      return msg(str`Chest X-ray ${name} with the map of ${findingName}`);
    case 'gradient':
      return msg(str`Chest X-ray ${name} with the pixels that count for ${findingName}`);
    case 'occlusion':
      return msg(str`Chest X-ray ${name} with what covering it changes for ${findingName}`);
  }
}

/** A fall of the logit below this is drawn faintly, not stretched to full colour. */
const smallestFullFall = 0.25;

/** An explanation as a map is drawn: 1 is the full colour. */
export function drawableMap({ kind, map }: Explanation): FindingMap {
  if (kind === 'gradient') return map;
  const strongest = map.values.reduce((most, value) => Math.max(most, value), smallestFullFall);
  return { ...map, values: map.values.map((value) => value / strongest) };
}
