/** The pseudo-locale: English with accents and brackets, longer by a third, as German or Russian would be. */

const accents: Readonly<Record<string, string>> = Object.fromEntries(
  [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter, index) => [
    letter,
    [...'àƀćđéƒĝĥíĵķĺḿñóṕʠŕšţúṽŵẋýžÀƁĆĐÉƑĜĤÍĴĶĹḾÑÓṔɊŔŠŢÚṼŴẊÝŽ'][index] ?? letter,
  ]),
);

/** Translations out of English grow by about this much. */
const growth = 1 / 3;
const placeholder = /<x [^>]*\/>/g;
/** What stands for a character that XML may not hold as itself: left alone. */
const entity = /&[#\w]+;/g;

function accent(text: string): string {
  return [...text].map((letter) => accents[letter] ?? letter).join('');
}

/** Text of an XLIFF `<source>` → its pseudo-translation; placeholders and entities stay as they are. */
export function pseudoTranslate(source: string): string {
  const kept = [...source.matchAll(new RegExp(`${placeholder.source}|${entity.source}`, 'g'))].map((match) => match[0]);
  const words = source.split(new RegExp(`${placeholder.source}|${entity.source}`, 'g')).map(accent);
  const letters = words.join('').length;
  const padding = '·'.repeat(Math.round(letters * growth));
  const joined = words.map((word, index) => word + (kept[index] ?? '')).join('');
  return `⟦${joined}${padding}⟧`;
}

/** Fills the `<target>` of every unit of an XLIFF 1.2 file. */
export function fillPseudoTargets(xliff: string): string {
  return xliff.replace(
    /(<source>([\s\S]*?)<\/source>)(?:\s*<target>[\s\S]*?<\/target>)?/g,
    (_whole, source: string, text: string) => `${source}\n  <target>${pseudoTranslate(text)}</target>`,
  );
}
