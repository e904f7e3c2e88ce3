import { AppError, errorCodes, type ErrorCode } from '../shared/app-error.ts';
import { sharedFilesQuery } from '../shared/messages.ts';
import { takeSharedFiles } from '../storage/inbox.ts';

interface LaunchParams {
  readonly files?: readonly { getFile(): Promise<File> }[];
}

interface LaunchQueue {
  setConsumer(consumer: (params: LaunchParams) => void): void;
}

/** Files of the last launch, so that a reload, which is given them again, does not open them again. */
const launchKey = 'chester:last-launch';

/**
 * Opens what came from outside: the share sheet (the service worker put the files into the inbox and led here with
 * `?shared`) and the file handler (`launchQueue`). Each file is opened once.
 */
export async function openIncomingFiles(open: (files: readonly File[]) => void): Promise<void> {
  listenForLaunches(open);
  const query = new URLSearchParams(location.search);
  if (!query.has(sharedFilesQuery)) return;
  const failure = query.get(sharedFilesQuery) ?? '';
  query.delete(sharedFilesQuery);
  // First of all: a reload of the address must not look like another share.
  const rest = query.size > 0 ? `?${query.toString()}` : '';
  history.replaceState(history.state, '', `${location.pathname}${rest}${location.hash}`);
  if (isErrorCode(failure)) throw new AppError(failure);
  const shared = await takeSharedFiles();
  if (shared.length > 0) open(shared.map(({ name, type, bytes }) => new File([bytes], name, { type })));
}

function listenForLaunches(open: (files: readonly File[]) => void): void {
  const { launchQueue } = globalThis as { launchQueue?: LaunchQueue };
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  let mayRepeat = navigation?.type === 'reload';
  launchQueue?.setConsumer((params) => {
    const handles = params.files ?? [];
    if (handles.length === 0) return;
    void Promise.allSettled(handles.map((handle) => handle.getFile())).then((results) => {
      const files = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      const mark = files.map((file) => `${file.name} ${file.size} ${file.lastModified}`).join('\n');
      const isRepeat = mayRepeat && sessionStorage.getItem(launchKey) === mark;
      mayRepeat = false;
      sessionStorage.setItem(launchKey, mark);
      if (!isRepeat && files.length > 0) open(files);
    });
  });
}

function isErrorCode(text: string): text is ErrorCode {
  return (errorCodes as readonly string[]).includes(text);
}
