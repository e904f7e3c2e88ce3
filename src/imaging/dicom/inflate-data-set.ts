import { Inflate } from 'fflate';
import { AppError } from '../../shared/app-error.ts';
import { maxInflatedBytes } from '../../shared/limits.ts';

/** Deflate reaches 1,032 : 1, so one push makes at most 17 MB before the cap is looked at again. */
const chunkBytes = 16 * 1024;

/**
 * Inflates raw deflate (RFC 1951; DICOM PS3.5 §A.5) in pieces, and stops at the cap.
 *
 * @throws AppError `dicom-too-complex` beyond `maxInflatedBytes`, `image-truncated`, `image-corrupt`
 */
export function inflateDataSet(deflated: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  let ended = false;
  const inflate = new Inflate((part, final) => {
    total += part.length;
    ended ||= final;
    if (total > maxInflatedBytes) throw new AppError('dicom-too-complex', { maxBytes: maxInflatedBytes });
    parts.push(part);
  });
  try {
    for (let at = 0; at < deflated.length && !ended; at += chunkBytes) {
      inflate.push(deflated.subarray(at, at + chunkBytes), at + chunkBytes >= deflated.length);
    }
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    const isShort = thrown instanceof Error && /unexpected EOF/i.test(thrown.message);
    throw new AppError(isShort ? 'image-truncated' : 'image-corrupt', { format: 'dicom' }, thrown);
  }
  const whole = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
