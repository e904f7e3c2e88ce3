/**
 * A certificate for a clinic's laptop: phones beside it need HTTPS, and no public authority signs a local address.
 *
 * A small authority is made, signs one certificate for this machine's names and addresses, and its key is thrown away
 * at once: whoever trusts it trusts this one certificate and nothing else, ever.
 */

import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Apple's devices refuse certificates that hold for longer (support.apple.com/103769). */
const validDays = 820;

/** Made anew when fewer days are left. */
const renewDays = 14;
const millisecondsADay = 86_400_000;

export interface SiteCertificate {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** What phones have to trust; absent for a certificate that was given. */
  readonly authorityFile?: string;
  /** SHA-256 of the authority's certificate, to compare on the phone. */
  readonly fingerprint?: string;
}

/** Whoever has no openssl gets this text instead of a certificate. */
export class NoOpensslError extends Error {}

/** The certificate in `folder`, made with openssl where there is none for these names. */
export async function ownCertificate(folder: string): Promise<SiteCertificate> {
  const names = machineNames();
  const files = {
    cert: join(folder, 'site.crt'),
    key: join(folder, 'site.key'),
    authority: join(folder, 'chester-authority.crt'),
  };
  if (!(await isUsable(files.cert, files.key, names))) await make(folder, files, names);
  const authority = new X509Certificate(await readFile(files.authority));
  return {
    cert: await readFile(files.cert),
    key: await readFile(files.key),
    authorityFile: files.authority,
    fingerprint: authority.fingerprint256,
  };
}

/** Under which phones may call this machine. */
export function machineNames(): { readonly dns: readonly string[]; readonly ip: readonly string[] } {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const ip = new Set([
    '127.0.0.1',
    ...addresses.filter(({ family }) => family === 'IPv4').map(({ address }) => address),
  ]);
  const name = hostname();
  return { dns: [...new Set(['localhost', name, `${name}.local`])], ip: [...ip] };
}

async function isUsable(certFile: string, keyFile: string, names: ReturnType<typeof machineNames>): Promise<boolean> {
  if (!existsSync(certFile) || !existsSync(keyFile)) return false;
  const certificate = new X509Certificate(await readFile(certFile));
  const daysLeft = (Date.parse(certificate.validTo) - Date.now()) / millisecondsADay;
  return daysLeft > renewDays && names.ip.every((address) => certificate.checkIP(address) !== undefined);
}

async function make(
  folder: string,
  files: { readonly cert: string; readonly key: string; readonly authority: string },
  names: ReturnType<typeof machineNames>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const authorityKey = join(folder, 'authority.key');
  const request = join(folder, 'site.csr');
  const extensions = join(folder, 'site.ext');
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const alternatives = [...names.dns.map((name) => `DNS:${name}`), ...names.ip.map((address) => `IP:${address}`)];
  await writeFile(
    extensions,
    `basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=serverAuth\nsubjectAltName=${alternatives.join(',')}\n`,
  );
  try {
    await openssl([
      ...['req', '-x509', ...newKey, '-keyout', authorityKey, '-out', files.authority, '-days', String(validDays)],
      ...['-subj', '/CN=Chester on this computer', '-addext', 'keyUsage=critical,keyCertSign'],
    ]);
    await openssl(['req', ...newKey, '-keyout', files.key, '-out', request, '-subj', '/CN=localhost']);
    await openssl([
      ...['x509', '-req', '-in', request, '-CA', files.authority, '-CAkey', authorityKey, '-CAcreateserial'],
      ...['-out', files.cert, '-days', String(validDays), '-extfile', extensions],
    ]);
  } finally {
    const leftovers = [authorityKey, request, extensions, join(folder, 'chester-authority.srl')];
    for (const leftover of leftovers) await rm(leftover, { force: true });
  }
}

async function openssl(args: readonly string[]): Promise<void> {
  try {
    await run('openssl', args);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new NoOpensslError(
        'openssl was not found. Install it, or make a certificate elsewhere and give it:\n' +
          "  openssl req -x509 -newkey rsa:2048 -nodes -days 820 -subj '/CN=chester' -keyout site.key -out site.crt \\\n" +
          `    -addext 'subjectAltName=${machineNames()
            .ip.map((address) => `IP:${address}`)
            .join(',')},DNS:localhost'\n` +
          '  npm start -- --https --host 0.0.0.0 --cert site.crt --key site.key',
        { cause: thrown },
      );
    }
    throw thrown;
  }
}
