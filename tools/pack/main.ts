/** `npm run pack`: brings model packs in, proves, compares and bundles them. What is asked is in command-line.ts. */

import { runPackCommand } from './command-line.ts';

process.exitCode = await runPackCommand(process.argv.slice(2));
