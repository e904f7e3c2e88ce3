/** Why a file could not be obtained; tests and callers switch on the reason, people read the message. */
export type DownloadReason =
  /** Nobody answered, or the connection broke again and again. */
  | 'unreachable'
  /** The server says that it has no such file, or may not give it. */
  | 'not-there'
  /** A web page came in place of the file: a hotel's, hospital's or proxy's login page. */
  | 'login-page'
  | 'wrong-length'
  /** The right length, other content. */
  | 'not-as-published'
  /** A folder lacks the file. */
  | 'missing'
  | 'not-writable';

const nextSteps: Readonly<Record<DownloadReason, string>> = {
  unreachable: 'Check the connection and run the same command again: it goes on where it stopped.',
  'not-there': 'Give the address of a mirror, or a folder that holds the files, with --from.',
  'login-page': 'Open a web page, sign in to the network, and run the same command again: it goes on where it stopped.',
  'wrong-length': 'The place serves another version of the model: give another with --from.',
  'not-as-published':
    'The file is not the published one: get it from another place with --from, or take it as your own model with --unverified.',
  missing: 'Put the file there, or leave --from away to download it.',
  'not-writable': 'Make room on the disk, or allow writing there, and run the same command again.',
};

export class DownloadError extends Error {
  readonly reason: DownloadReason;
  readonly file: string;

  constructor(reason: DownloadReason, file: string, what: string, cause?: unknown) {
    super(`${file}: ${what}. ${nextSteps[reason]}`, cause === undefined ? undefined : { cause });
    this.name = 'DownloadError';
    this.reason = reason;
    this.file = file;
  }
}
