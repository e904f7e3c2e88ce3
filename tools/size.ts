/**
 * Size budgets of the built site (`npm run size`): prints each part raw, gzip and brotli beside its budget,
 * and fails when one is over. The parts are DESIGN budgets: shell, engine, embedded packs, first install.
 */

import { budgets, measureSizes } from './build/site-sizes.ts';

const kilobyte = 1000;

const sizes = await measureSizes('dist');
let over = false;
console.log('part             raw KB   gzip KB  brotli KB  budget');
for (const [part, { raw, gzip, brotli }] of Object.entries(sizes)) {
  const budget = budgets[part];
  const measured = budget?.of === 'raw' ? raw : gzip;
  const isOver = budget !== undefined && measured > budget.bytes;
  over ||= isOver;
  const columns = [raw, gzip, brotli].map((bytes) => (bytes / kilobyte).toFixed(1).padStart(9)).join(' ');
  const limit =
    budget === undefined ? '' : `≤ ${(budget.bytes / kilobyte).toFixed(0)} KB ${budget.of}${isOver ? '  OVER' : ''}`;
  console.log(`${part.padEnd(14)}${columns}  ${limit}`);
}
if (over) process.exit(1);
