/** A `node:test` reporter that writes one line of JSON: how many tests passed, failed and were skipped. */
export default async function* countReporter(source) {
  const counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
  for await (const { type, data } of source) {
    // Suites and files are reported as tests too; only leaves count.
    const isLeaf = data?.details?.type !== 'suite';
    if (type === 'test:pass' && isLeaf) {
      if (data.skip !== undefined || data.todo !== undefined) counts.skipped += 1;
      else counts.passed += 1;
    }
    if (type === 'test:fail' && isLeaf) {
      counts.failed += 1;
      counts.failures.push(data.name);
    }
  }
  yield `${JSON.stringify(counts)}\n`;
}
