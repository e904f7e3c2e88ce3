/** Writes the security headers for static hosts (`_headers`, the format of Netlify and Cloudflare Pages). */

import { writeFile } from 'node:fs/promises';
import * as esbuild from 'esbuild';

/** @param {string} source src/shared/security-headers.ts  @param {string} target */
export async function writeStaticHostHeaders(source, target) {
  const bundled = await esbuild.build({ entryPoints: [source], bundle: true, format: 'esm', write: false });
  const { securityHeaders } = await import(`data:text/javascript,${encodeURIComponent(bundled.outputFiles[0].text)}`);
  const everywhere = Object.entries(securityHeaders).map(([name, value]) => `  ${name}: ${value}`);
  const lines = [
    '/*',
    ...everywhere,
    '/assets/*',
    '  Cache-Control: public, max-age=31536000, immutable',
    '/sw.js',
    '  Cache-Control: no-cache',
    '/index.html',
    '  Cache-Control: no-cache',
    '/models/*',
    '  Cache-Control: no-cache',
  ];
  await writeFile(target, `${lines.join('\n')}\n`);
}
