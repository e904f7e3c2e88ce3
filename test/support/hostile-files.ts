import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { RefusalReason } from '../../tools/pack/refused-file.ts';
import { readTorchFile } from '../../tools/pack/torch/read-torch-file.ts';
import { legacyFile } from './pickle-writer.ts';
import { refusal } from './refusal.ts';

/** What refusing may take at most, in bytes of array buffers beside the file itself. */
const maxAllocated = 8 * 2 ** 20;

/** Writes the file into `folder` and has it read: refused, and without allocating what it claims to be. */
export async function expectRefused(
  folder: string,
  bytes: Uint8Array,
  reason: RefusalReason,
  sentence?: string,
): Promise<void> {
  const path = join(folder, 'hostile.pt');
  await writeFile(path, bytes);
  const allocatedBefore = process.memoryUsage().arrayBuffers;
  await assert.rejects(readTorchFile(path), refusal(reason, sentence));
  const allocated = process.memoryUsage().arrayBuffers - allocatedBefore;
  assert.ok(allocated <= bytes.length + maxAllocated, `${allocated} bytes were allocated to refuse it`);
}

/** The same pickle alone, as the object of a legacy file and as `data.pkl` of a zip file. */
export async function expectPickleRefused(
  folder: string,
  pickle: Uint8Array,
  reason: RefusalReason,
  sentence?: string,
): Promise<void> {
  await expectRefused(folder, pickle, reason, sentence);
  await expectRefused(folder, legacyFile(pickle), reason, sentence);
  await expectRefused(folder, zipSync({ 'archive/data.pkl': pickle }, { level: 0 }), reason, sentence);
}
