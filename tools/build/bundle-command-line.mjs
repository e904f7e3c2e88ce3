import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { commonOptions, root, writeKernels } from './bundle-settings.mjs';

/** `chester-read` for Node, one file and its kernels. */
export async function buildCommandLine(options, kernels) {
  await rm(join(options.outDir, 'cli'), { recursive: true, force: true });
  await writeKernels(join(options.outDir, 'cli/kernels'), kernels);
  await esbuild.build({
    ...commonOptions(options),
    entryPoints: { read: 'tools/read/main.ts' },
    outdir: join(options.outDir, 'cli'),
    platform: 'node',
    target: 'node20',
    minify: false,
    // tfjs goes in: its kernels are imported one by one, from files that Node cannot load by themselves. Its Emscripten
    // part asks for `require` and `__dirname`. Packages with files of their own (codecs) are found in node_modules.
    external: ['@jsquash/jpeg', '@cornerstonejs/*'],
    mainFields: ['module', 'main'],
    banner: {
      js: [
        '#!/usr/bin/env node',
        "import { createRequire as chesterCreateRequire } from 'node:module';",
        "import { dirname as chesterDirname } from 'node:path';",
        "import { fileURLToPath as chesterFileURLToPath } from 'node:url';",
        'const require = chesterCreateRequire(import.meta.url);',
        'const __filename = chesterFileURLToPath(import.meta.url);',
        'const __dirname = chesterDirname(__filename);',
      ].join('\n'),
    },
    tsconfig: join(root, 'tools/tsconfig.json'),
    define: { CHESTER_APP_VERSION: JSON.stringify(options.version) },
  });
}
