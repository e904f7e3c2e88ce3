/** `npm start`: serves the built site on this computer. `npm start -- --help` tells the options. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machineNames, NoOpensslError, ownCertificate } from './certificate.ts';
import type { SiteCertificate } from './certificate.ts';
import { serveSite } from './serve-site.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const defaultPort = 8080;
const wrongUsage = 2;

const help = `npm start -- [options]

  --port N        first port to try (${defaultPort}); the next free one is taken
  --host NAME     address to listen on (localhost; 0.0.0.0 = every machine of the network may come)
  --under PATH    serve below a folder, e.g. --under /chester/
  --https         HTTPS, which phones need; makes a certificate with openssl where none is given
  --cert FILE --key FILE   your own certificate (PEM)
  --folder DIR    another built site (dist/www)
`;

interface Arguments {
  readonly port: number;
  readonly host: string;
  readonly under: string;
  readonly https: boolean;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly folder: string;
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: String(defaultPort) },
      host: { type: 'string', default: 'localhost' },
      under: { type: 'string', default: '/' },
      https: { type: 'boolean', default: false },
      cert: { type: 'string' },
      key: { type: 'string' },
      folder: { type: 'string', default: join(root, 'dist/www') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    process.exit(0);
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port ${values.port}: not a port`);
  if ((values.cert === undefined) !== (values.key === undefined)) throw new Error('--cert and --key go together');
  if (!existsSync(join(values.folder, 'index.html'))) throw new Error(`${values.folder} is not built: npm run build`);
  return {
    port,
    host: values.host,
    under: `/${values.under}/`.replace(/\/{2,}/g, '/'),
    https: values.https || values.cert !== undefined,
    cert: values.cert,
    key: values.key,
    folder: values.folder,
  };
}

async function certificateFor({ https, cert, key }: Arguments): Promise<SiteCertificate | undefined> {
  if (!https) return undefined;
  if (cert !== undefined && key !== undefined) return { cert: await readFile(cert), key: await readFile(key) };
  return ownCertificate(join(root, '.certificate'));
}

function explainTrust({ authorityFile, fingerprint }: SiteCertificate): void {
  if (authorityFile === undefined || fingerprint === undefined) return;
  console.log(`
Each phone has to trust this site once. Bring it the file
  ${authorityFile}
(by cable, memory card or Bluetooth) and
  Android:  Settings > Security > Encryption and credentials > Install a certificate > CA certificate
  iPhone:   open the file, Settings > General > VPN and device management > install;
            then Settings > General > About > Certificate trust settings > switch it on
Its SHA-256, to compare: ${fingerprint}
The authority's key was thrown away: it vouches for this one site only. A warning that is clicked away is not enough,
browsers then refuse to work offline.
`);
}

async function main(): Promise<void> {
  const given = readArguments();
  const certificate = await certificateFor(given);
  const tls = certificate === undefined ? {} : { tls: { cert: certificate.cert, key: certificate.key } };
  const { port } = await serveSite({ ...given, ...tls });
  const scheme = given.https ? 'https' : 'http';
  const everywhere = given.host === '0.0.0.0' || given.host === '::';
  const hosts = everywhere ? ['localhost', ...machineNames().ip.filter((ip) => ip !== '127.0.0.1')] : [given.host];
  for (const host of hosts) console.log(`${scheme}://${host}:${port}${given.under}`);
  if (everywhere && !given.https) {
    console.log('Without --https, other machines are told that they need it: browsers work offline only over HTTPS.');
  }
  if (certificate !== undefined) explainTrust(certificate);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(error instanceof NoOpensslError ? 1 : wrongUsage);
});
