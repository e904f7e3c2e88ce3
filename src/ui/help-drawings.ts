/** The pictures of the help screens. Decoration: the words beside them say the same. */

import { html, svg, type TemplateResult } from 'lit';
import type { HelpTopic } from './help-content.ts';

const lungs = svg`<path d="M158 40v44m0 0-14 14m14-14 14 14" opacity=".6" />
  <path d="M140 52c-24 4-44 44-46 92-1 16 7 24 20 22l20-4c9-2 12-7 12-16V66c0-10-1-15-6-14Z" />
  <path d="M176 52c24 4 44 44 46 92 1 16-7 24-20 22l-20-4c-9-2-12-7-12-16V66c0-10 1-15 6-14Z" />`;

const triangle = (x: number, y: number): TemplateResult =>
  svg`<path d="M${x} ${y - 11}l12 21h-24Z" fill="#ffb27a" stroke="#ffb27a" />`;
const diamond = (x: number, y: number): TemplateResult =>
  svg`<path d="M${x} ${y - 13}l13 13-13 13-13-13Z" stroke="#e8d276" /><path d="M${x} ${y - 13}v26l-13-13Z" fill="#e8d276" stroke="#e8d276" />`;
const emptyTriangle = (x: number, y: number): TemplateResult =>
  svg`<path d="M${x} ${y + 11}l12-21h-24Z" stroke="#a9b7c0" />`;

function bar(y: number, mark: (x: number, y: number) => TemplateResult, x: number): TemplateResult {
  return svg`<rect x="40" y=${y - 5} width="240" height="10" rx="5" fill="#1f2930" stroke="#748592" />
    <rect x="142" y=${y - 9} width="36" height="18" fill="#e8d27640" stroke="#e8d276" stroke-dasharray="4 3" stroke-width="1.5" />
    <path d="M160 ${y - 17}v34" />${mark(x, y)}`;
}

const drawings: Readonly<Record<HelpTopic, TemplateResult>> = {
  score: svg`${bar(100, triangle, 236)}<path d="M160 60V46m0 94v14" opacity=".6" /><path d="m154 66 6 8 6-8" opacity=".6" />
    <path d="M190 132h46m0 0-7-6m7 6-7 6" opacity=".6" />`,
  band: svg`${bar(50, triangle, 240)}${bar(100, diamond, 166)}${bar(150, emptyTriangle, 80)}`,
  map: svg`<defs><radialGradient id="spot"><stop offset="0" stop-color="#ffe874" /><stop offset=".35" stop-color="#e86a3a" />
    <stop offset=".7" stop-color="#8e3096" stop-opacity=".8" /><stop offset="1" stop-color="#24348c" stop-opacity="0" /></radialGradient></defs>
    ${lungs}<circle cx="120" cy="140" r="44" fill="url(#spot)" stroke="none" />`,
  warning: svg`<g transform="rotate(90 160 100)" opacity=".8">${lungs}</g>
    <path d="M262 30l34 60h-68Z" fill="#33280f" stroke="#f3c86b" /><path d="M262 52v20m0 8v1" stroke="#f3c86b" />`,
  next: svg`<circle cx="96" cy="74" r="26" /><path d="M50 164c0-32 20-50 46-50s46 18 46 50" />
    <path d="M80 128v14a16 16 0 0 0 32 0v-14m0 22a20 20 0 0 0 20 8" opacity=".7" />
    <rect x="186" y="48" width="90" height="112" rx="8" /><path d="M202 76h58m-58 22h58m-58 22h34" opacity=".6" />
    <path d="m206 140 8 8 16-16" stroke="#8fd6e6" />`,
};

export function helpDrawing(topic: HelpTopic): TemplateResult {
  return html`<svg
    class="drawing"
    viewBox="0 0 320 200"
    fill="none"
    stroke="currentColor"
    stroke-width="3"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${drawings[topic]}
  </svg>`;
}
