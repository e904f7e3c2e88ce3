/** The five help screens. `docs/user-guide.md` is written from here (`tools/docs/write-docs.ts`). */

import { msg } from '@lit/localize';

export const helpTopics = ['score', 'band', 'map', 'warning', 'next'] as const;
export type HelpTopic = (typeof helpTopics)[number];

export interface HelpPage {
  readonly topic: HelpTopic;
  readonly title: string;
  readonly paragraphs: readonly string[];
}

const pages: Readonly<Record<HelpTopic, () => Omit<HelpPage, 'topic'>>> = {
  score: () => ({
    title: msg('What a score means'),
    paragraphs: [
      msg(
        'For each finding the model gives a score between 0 and 1. It says how much this picture resembles X-rays on which that finding was reported.',
      ),
      msg(
        'A score is not the probability that the patient has the disease. A score of 0.10 can be high for one finding and low for another, so never compare the scores of two findings.',
      ),
      msg(
        'Where a model is calibrated, a probability stands in its place: of 100 patients with such a picture, so many have the finding. It holds where as many of all patients have it as is written beside it. Who knows the share among their own patients can state it on the Models screen.',
      ),
      msg(
        'Compare each score with its own threshold, the line in the middle of its bar. Further right means further above the threshold.',
      ),
    ],
  }),
  band: () => ({
    title: msg('What a band means'),
    paragraphs: [
      msg(
        'Above its threshold (filled triangle): the picture resembles X-rays with this finding. Look there again yourself.',
      ),
      msg(
        "Can't tell (half-filled diamond): the score is so near the threshold that another set of test patients could have put it on either side.",
      ),
      msg('Below its threshold (empty triangle): the model did not see this finding. That does not rule it out.'),
      msg(
        'Beside it stands how good the model is at this finding: strong, fair, weak or not measured. Give little weight to the weak ones.',
      ),
    ],
  }),
  map: () => ({
    title: msg('What a map means'),
    paragraphs: [
      msg('Tap a finding to see its map. Coloured areas show where the score comes from, yellow the most.'),
      msg(
        'A map does not show where the disease is. It is coarse, it can point to a letter or a tube, and there is a map even where there is no finding.',
      ),
      msg('If the map lies where the finding cannot be, trust the score less.'),
      msg(
        'Explain in detail computes two other views of the same finding: which pixels would change the score if they changed, and how far the score falls when a part of the picture is covered. Where all three point to the same place, the score at least comes from there.',
      ),
      msg(
        '“Outlines of lungs and heart”, among the tools below the picture, shows where the app sees them, and how wide the heart is beside the chest. Where a line is wrong, move its end: with a finger, the mouse or the arrow keys. The figure then says that it was edited.',
      ),
    ],
  }),
  warning: () => ({
    title: msg('What a warning means'),
    paragraphs: [
      msg(
        'Before it looks for findings, the app checks whether the model knows this kind of picture: frontal chest X-rays of adults, upright and whole.',
      ),
      msg('A warning says what is unusual and what you can do. The scores are shown, but trust them less.'),
      msg(
        'A refusal hides the scores, because they would very likely be wrong. You can ask for them all the same; the result then says so.',
      ),
      msg('The check is not perfect: no warning does not mean that the picture is right.'),
    ],
  }),
  next: () => ({
    title: msg('What to do next, and what it cannot see'),
    paragraphs: [
      msg(
        'Look at the X-ray yourself first, then at the scores. Where you disagree, trust the patient, your examination and a person who reads X-rays.',
      ),
      msg(
        'To look closer: pinch, double-tap or use the wheel, drag the picture, and use the buttons below it for brightness, contrast, the magnifier and the map. They change only what you see, never what the model read.',
      ),
      msg(
        'With a keyboard, once the picture or a tool has the focus: + and − zoom, the arrows move, 0 shows the whole, 1 the true size, C brightness and contrast, L the magnifier, I inverts, M hides the map, R resets the greys.',
      ),
      msg('No finding above its threshold does not mean that the patient is well. If the patient is ill, act on that.'),
      msg(
        'It cannot see what the model was not trained for: tuberculosis as such, tubes and lines, with the app’s own model fractures too, and anything outside the chest. It knows no history, no symptoms and no earlier X-ray.',
      ),
      msg(
        'Print or save a result that you need: the app keeps none. Chester is being evaluated and is not for medical use.',
      ),
    ],
  }),
};

export function helpPages(): readonly HelpPage[] {
  return helpTopics.map((topic) => ({ topic, ...pages[topic]() }));
}
