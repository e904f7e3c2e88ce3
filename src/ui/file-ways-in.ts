/** The ways a picture or a model comes in: drop and paste. What is a folder is told apart before anything is read. */

import type { ReactiveController, ReactiveControllerHost } from 'lit';

export interface IncomingFiles {
  readonly files: readonly File[];
  /** Names of folders among them: a browser hands these over as files that cannot be read. */
  readonly folders: readonly string[];
}

/** Listens on the whole page while its host is connected; draws the host anew when files begin or cease to hover. */
export class FileWaysIn implements ReactiveController {
  private readonly host: ReactiveControllerHost;
  private readonly takeIn: (incoming: IncomingFiles) => void;
  private listeners: AbortController | undefined;
  /** Depth of nested dragenter events: children enter before parents leave. */
  private depth = 0;

  constructor(host: ReactiveControllerHost, takeIn: (incoming: IncomingFiles) => void) {
    this.host = host;
    this.takeIn = takeIn;
    host.addController(this);
  }

  get isDragging(): boolean {
    return this.depth > 0;
  }

  hostConnected(): void {
    this.listeners = new AbortController();
    const { signal } = this.listeners;
    document.addEventListener('paste', (event) => this.takeIn(incomingFiles(event.clipboardData)), { signal });
    window.addEventListener('dragenter', (event) => this.dragged(event, 1), { signal });
    window.addEventListener('dragleave', (event) => this.dragged(event, -1), { signal });
    window.addEventListener('dragover', (event) => bringsFiles(event) && event.preventDefault(), { signal });
    window.addEventListener('drop', (event) => this.dropped(event), { signal });
  }

  hostDisconnected(): void {
    this.listeners?.abort();
  }

  private dragged(event: DragEvent, step: number): void {
    if (!bringsFiles(event)) return;
    this.depth = Math.max(0, this.depth + step);
    this.host.requestUpdate();
  }

  private dropped(event: DragEvent): void {
    if (!bringsFiles(event)) return;
    // Else the browser would leave the page and show the file itself.
    event.preventDefault();
    this.depth = 0;
    this.host.requestUpdate();
    this.takeIn(incomingFiles(event.dataTransfer));
  }
}

/** Of a drop or a paste; must be called while the event is handled, for the browser empties `data` afterwards. */
function incomingFiles(data: DataTransfer | null): IncomingFiles {
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

function bringsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true;
}

const packFileEnding = '.chesterpack';

/**
 * Pictures and models apart, by name alone: what they truly are is found out by whoever reads them. On the Models
 * screen whatever is no picture was meant as a model (phones rename files whose ending they do not know).
 */
export function splitFiles(
  files: readonly File[],
  onModelsScreen: boolean,
): { readonly pictures: readonly File[]; readonly models: readonly File[] } {
  const isModel = ({ name, type }: File): boolean =>
    name.toLowerCase().endsWith(packFileEnding) || (onModelsScreen && !type.startsWith('image/'));
  return { pictures: files.filter((file) => !isModel(file)), models: files.filter(isModel) };
}
