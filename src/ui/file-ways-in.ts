/** The ways a picture comes in: drop and paste. What is a folder is told apart before anything is read. */

export interface IncomingFiles {
  readonly files: readonly File[];
  /** Names of folders among them: a browser hands these over as files that cannot be read. */
  readonly folders: readonly string[];
}

/** Of a drop or a paste; must be called while the event is handled, for the browser empties `data` afterwards. */
export function incomingFiles(data: DataTransfer | null): IncomingFiles {
  const files: File[] = [];
  const folders: string[] = [];
  for (const item of data?.items ?? []) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry();
    const file = item.getAsFile();
    if (entry?.isDirectory === true) folders.push(entry.name);
    else if (file !== null) files.push(file);
  }
  return { files, folders };
}

export function bringsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true;
}
