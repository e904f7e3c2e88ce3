/**
 * CSV after RFC 4180, safe to open in a spreadsheet: a text cell that begins with a character at which spreadsheets
 * begin a formula gets an apostrophe in front (OWASP, "CSV Injection"), for a file may be named `=HYPERLINK(…)`.
 * The apostrophe itself is escaped in the same way, so that no name is lost: `decodeText` undoes exactly this.
 */
const opensFormula = /^[=+\-@\t\r']/u;

/** A text as a cell: neutralised, and quoted where it must be. */
export function encodeText(text: string): string {
  const neutral = opensFormula.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(neutral) ? `"${neutral.replaceAll('"', '""')}"` : neutral;
}

/** The text in a cell whose quotes were undone by `parseRecord`. */
export function decodeText(cell: string): string {
  return cell.startsWith("'") && opensFormula.test(cell.slice(1)) ? cell.slice(1) : cell;
}

/**
 * The cells of one record (without its line break), quotes undone.
 *
 * @returns undefined where quotes do not match
 */
export function parseRecord(record: string): string[] | undefined {
  const cells: string[] = [];
  const cellPattern = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/guy;
  for (;;) {
    const match = cellPattern.exec(record);
    if (match === null) return undefined;
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '') return cells;
  }
}
