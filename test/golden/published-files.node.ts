import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DownloadError } from '../../tools/pack/published/download-error.ts';
import { gitBlobId, gitBlobIdOfFile } from '../../tools/pack/published/git-blob-id.ts';
import { obtainPublished } from '../../tools/pack/published/obtain-published.ts';
import { publishedCacheFolder, publishedModel, publishedModels } from '../../tools/pack/published/published-models.ts';
import { upstreamFolder } from '../support/upstream.ts';

/** The table of published files, and the digest that tells the real ones. */

const scratch = await mkdtemp(join(tmpdir(), 'published-files-'));
after(() => rm(scratch, { recursive: true, force: true }));

async function refusal(promise: Promise<unknown>): Promise<DownloadError> {
  const thrown: unknown = await promise.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  );
  if (thrown instanceof DownloadError) return thrown;
  throw thrown;
}

test('the git blob id is what git says', async () => {
  // `git hash-object --stdin` of nothing and of the example in Pro Git, "Git Objects".
  assert.equal(await gitBlobId(0, []), 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391');
  const text = Buffer.from('what is up, doc?');
  assert.equal(await gitBlobId(text.length, [text]), 'bd9dbf5aae1a3862dd1526723246b20206e5fc37');
  assert.equal(
    await gitBlobId(text.length, [text.subarray(0, 5), text.subarray(5)]),
    await gitBlobId(text.length, [text]),
  );
  await assert.rejects(gitBlobId(text.length + 1, [text]), /17 bytes was announced and 16 came/);
});

test('the digest of a file is that of its bytes, read in pieces, and one bit changes it', async () => {
  const path = join(scratch, 'shard.bin');
  const bytes = Buffer.alloc(300_000, 'weights');
  await writeFile(path, bytes);
  const whole = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  assert.equal(await gitBlobIdOfFile(path), whole);
  bytes[299_999]! ^= 1;
  await writeFile(path, bytes);
  assert.notEqual(await gitBlobIdOfFile(path), whole);
});

test('the table is complete in itself', () => {
  assert.deepEqual(
    publishedModels.map(({ id }) => id),
    ['chester-v3', 'chester-ae'],
  );
  for (const { id, baseUrl, files, licence, citations } of publishedModels) {
    assert.match(baseUrl, /^https:.*\/$/, id);
    assert.equal(licence, 'CC-BY-NC-4.0');
    assert.ok(citations.length > 0 && citations.every((citation) => citation.includes('arXiv:')));
    assert.equal(new Set(files.map(({ path }) => path)).size, files.length);
    for (const { path, bytes, gitBlobId: digest } of files) {
      assert.match(path, /^[\w.-]+$/);
      assert.ok(Number.isInteger(bytes) && bytes > 0);
      assert.match(digest, /^[0-9a-f]{40}$/);
    }
  }
  const chester = publishedModel('chester-v3');
  assert.ok(chester.kind === 'densenet-121');
  assert.equal(chester.findings.length, 18);
  assert.ok(chester.findings.every(({ operatingPoint }) => operatingPoint > 0 && operatingPoint < 1));
  assert.throws(() => publishedModel('chester-v9'), /There are: chester-v3, chester-ae/);
});

test('downloads are kept in the cache folder of the user', () => {
  const before = process.env['XDG_CACHE_HOME'];
  process.env['XDG_CACHE_HOME'] = join(scratch, 'cache');
  assert.equal(publishedCacheFolder('chester-v3', false), join(scratch, 'cache/chester/published/chester-v3'));
  assert.notEqual(publishedCacheFolder('chester-v3', true), publishedCacheFolder('chester-v3', false));
  if (before === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = before;
});

for (const { id, files } of publishedModels) {
  test(`${id}: the table holds the published facts, and the digest tells the real files from flipped ones`, async (context) => {
    const folder = upstreamFolder(id);
    if (folder === undefined) return context.skip('shared/upstream is not at hand');
    const [, ...lines] = (await readFile(join(folder, 'files.csv'), 'utf8')).trim().split('\n');
    const facts = lines.map((line) => line.trim().split(','));
    assert.deepEqual(
      files.map(({ path, bytes, gitBlobId: digest }) => [path, String(bytes), digest]),
      facts,
    );
    const copies = join(scratch, id);
    await mkdir(copies, { recursive: true });
    const present = files.filter(({ path }) => path.endsWith('.json') || path === files.at(-1)!.path);
    for (const { path, gitBlobId: digest } of present) {
      const bytes = await readFile(join(folder, path));
      assert.equal(await gitBlobIdOfFile(join(folder, path)), digest, path);
      bytes[Math.floor(bytes.length / 2)]! ^= 1;
      await writeFile(join(copies, path), bytes);
      assert.notEqual(await gitBlobIdOfFile(join(copies, path)), digest, path);
    }
    return undefined;
  });
}

test('operating points are those of the published configuration, with the names it leaves out', async (context) => {
  const folder = upstreamFolder('chester-v3');
  if (folder === undefined) return context.skip('shared/upstream is not at hand');
  const model = publishedModel('chester-v3');
  assert.ok(model.kind === 'densenet-121');
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as {
    IMAGE_SCALE: number;
    IMAGE_SIZE: number;
    OUTPUT_NODE: string;
    LABELS: string[];
    OP_POINT: number[];
  };
  assert.deepEqual(
    model.findings.map(({ operatingPoint }) => operatingPoint),
    config.OP_POINT,
  );
  assert.deepEqual(model.input.range, [-config.IMAGE_SCALE, config.IMAGE_SCALE]);
  assert.deepEqual([model.input.width, model.input.height], [config.IMAGE_SIZE, config.IMAGE_SIZE]);
  assert.equal(model.output, config.OUTPUT_NODE);
  config.LABELS.forEach((label, index) => {
    const start = label.replaceAll(/[ _]/g, '').replace(/\.$/, '');
    assert.ok(model.findings[index]!.id.replaceAll(/[ _]/g, '').startsWith(start), label);
  });
  return undefined;
});

test('a folder is taken only where every file is the published one', async (context) => {
  const upstream = upstreamFolder('chester-v3');
  if (upstream === undefined) return context.skip('shared/upstream is not at hand');
  const folder = join(scratch, 'given');
  await cp(upstream, folder, { recursive: true });
  // Only the last shard is at hand: the first that is asked for is missing.
  const missing = await refusal(obtainPublished('chester-v3', { from: folder }));
  assert.deepEqual([missing.reason, missing.file], ['missing', 'group1-shard1of7.bin']);
  const model = await readFile(join(folder, 'model.json'));
  model[1000]! ^= 1;
  await rm(join(folder, 'model.json'));
  await writeFile(join(folder, 'model.json'), model);
  const changed = await refusal(obtainPublished('chester-v3', { from: folder }));
  assert.deepEqual([changed.reason, changed.file], ['not-as-published', 'model.json']);
  await writeFile(join(folder, 'model.json'), model.subarray(1));
  const shorter = await refusal(obtainPublished('chester-v3', { from: folder }));
  assert.deepEqual([shorter.reason, shorter.file], ['wrong-length', 'model.json']);
  return undefined;
});
