import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { rectifyPhoto } from '../../src/imaging/photo/rectify-photo.ts';
import type { CornerProposals } from '../../src/shared/analysis.ts';
import { encodeGreyPng } from '../read/grey-png.ts';
import type { KnownPhoto } from './read-photographs.ts';

/** The picture that the likeliest proposal makes, and a line of `corners.jsonl`, for training/photo/contact_sheet.py. */
export function writeRectified(folder: string, { name, photo, source }: KnownPhoto, proposals: CornerProposals): void {
  const [{ corners, isWholePicture, inputKind = 'film' }] = proposals;
  const image = rectifyPhoto(photo, { corners, placedBy: isWholePicture ? 'whole-picture' : 'app', inputKind }, source);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${parse(name).name}.png`), encodeGreyPng(image));
  const found = proposals.map((proposal) => proposal.corners);
  appendFileSync(join(folder, 'corners.jsonl'), `${JSON.stringify({ file: name, corners: found })}\n`);
}
