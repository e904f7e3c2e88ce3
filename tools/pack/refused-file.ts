/** Why a file with weights is not read. The name of a reason is stable, its sentence is for people. */
export type RefusalReason =
  /** Neither PyTorch's layouts nor safetensors. */
  | 'not-a-model-file'
  /** It ends before what it announces, or a length in it is beyond its end. */
  | 'truncated'
  | 'too-large'
  | 'too-deep'
  | 'malformed'
  /** It names a Python function or class that no network of ours needs. */
  | 'global-refused'
  /** It asks for something that only executing would do. */
  | 'operation-refused'
  | 'unsupported'
  /** A checksum does not hold. */
  | 'damaged'
  | 'tensor-missing'
  | 'tensor-surplus'
  | 'tensor-shape'
  | 'tensor-values';

export class RefusedFileError extends Error {
  readonly reason: RefusalReason;

  /** @param sentence what was found, and what to do where that is not plain */
  constructor(reason: RefusalReason, sentence: string) {
    super(`${sentence} (${reason})`);
    this.name = 'RefusedFileError';
    this.reason = reason;
  }
}
