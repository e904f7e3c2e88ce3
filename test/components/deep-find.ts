/** A look into shadow roots. No test library: the page that is photographed uses it too. */

/** The first match, through open shadow roots. */
export function find<T extends Element = HTMLElement>(root: ParentNode, selector: string): T {
  const found = findAll<T>(root, selector)[0];
  if (found === undefined) throw new Error(`nothing matches ${selector}`);
  return found;
}

export function findAll<T extends Element = HTMLElement>(root: ParentNode, selector: string): readonly T[] {
  const inside: ParentNode = root instanceof Element && root.shadowRoot !== null ? root.shadowRoot : root;
  const here = [...inside.querySelectorAll<T>(selector)];
  const deeper = [...inside.querySelectorAll('*')]
    .filter((element) => element.shadowRoot !== null)
    .flatMap((element) => [...findAll<T>(element, selector)]);
  return [...here, ...deeper];
}
