import { html, nothing, type TemplateResult } from 'lit';
import { msg } from '@lit/localize';
import type { PhotoChoice } from '../shared/analysis.ts';

type PhotoKind = PhotoChoice['inputKind'];

interface KindChoice {
  readonly chosen: PhotoKind;
  /** Nobody has answered yet, and the photograph told something. */
  readonly isGuessed: boolean;
  readonly choose: (kind: PhotoKind) => void;
}

/** Film or monitor: a guess that a person confirms, because thresholds differ. */
export function photoKindChoice({ chosen, isGuessed, choose }: KindChoice): TemplateResult {
  const radio = (kind: PhotoKind, words: string): TemplateResult =>
    html`<label>
      <input type="radio" name="kind" value=${kind} .checked=${chosen === kind} @change=${() => choose(kind)} />
      ${words}
    </label>`;
  return html`<fieldset>
    <legend>${msg('What was photographed?')}</legend>
    ${radio('film', msg('A film'))} ${radio('monitor', msg('A monitor'))}
    ${isGuessed ? html`<p class="guessed">${msg('Guessed from the photo: please check.')}</p>` : nothing}
  </fieldset>`;
}
