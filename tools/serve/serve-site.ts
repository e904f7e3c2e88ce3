/** The server of `npm start`: the built site, with the headers that docs/hosting.md asks of a host. */

import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import sirv from 'sirv';
import { securityHeaders } from '../../src/shared/security-headers.ts';

export interface SiteOptions {
  /** Folder of the built site. */
  readonly folder: string;
  /** 0 = any free port. */
  readonly port: number;
  /** `localhost` keeps other machines out. */
  readonly host: string;
  /** Folder of the address, with both slashes: `/`, `/chester/`. */
  readonly under: string;
  /** PEM; without it the server speaks HTTP. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
}

export interface RunningSite {
  readonly server: Server;
  readonly port: number;
}

/** Not the name: it may mean ::1 alone, where `adb reverse` and IPv4 clients do not arrive. */
const loopback = '127.0.0.1';

/** Ports tried after a taken one before we give up. */
const maxPortsTried = 20;

const seeOther = 303;
const notFound = 404;
const methodNotAllowed = 405;
const permanently = 308;

/** Resolves when it listens, on the wanted port or the next free one. */
export async function serveSite(options: SiteOptions): Promise<RunningSite> {
  const handler = createSiteHandler(options);
  for (let tried = 0; ; tried += 1) {
    const server = options.tls === undefined ? createHttpServer(handler) : createHttpsServer(options.tls, handler);
    const port = options.port === 0 ? 0 : options.port + tried;
    try {
      await listen(server, port, options.host === 'localhost' ? loopback : options.host);
      return { server, port: (server.address() as AddressInfo).port };
    } catch (thrown) {
      const taken = (thrown as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!taken || tried + 1 >= maxPortsTried) throw thrown;
    }
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function createSiteHandler({ folder, under }: SiteOptions): RequestListener {
  // `dev`: looks at the disk with every request, so that a rebuild is served at once.
  const files = sirv(folder, { dev: true, etag: true, setHeaders: (response, path) => setHeaders(response, path) });
  return (request, response) => {
    const [path = '/', query] = (request.url ?? '/').split('?');
    if (path === under.slice(0, -1)) {
      redirect(response, permanently, query === undefined ? under : `${under}?${query}`);
    } else if (!path.startsWith(under)) {
      end(response, notFound);
    } else if (request.method === 'POST' && path === `${under}share-target`) {
      // Only a service worker may receive pictures; one that reaches us is thrown away unread.
      request.resume();
      redirect(response, seeOther, under);
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      end(response, methodNotAllowed);
    } else {
      const inner = request as IncomingMessage & { originalUrl?: string };
      inner.url = `/${(request.url ?? '').slice(under.length)}`;
      files(inner, response, () => end(response, notFound));
    }
  };
}

function setHeaders(response: ServerResponse, path: string): void {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  const hashed = path.startsWith('/assets/');
  response.setHeader('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
}

function redirect(response: ServerResponse, status: number, location: string): void {
  response.writeHead(status, { Location: location }).end();
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'Content-Type': 'text/plain', 'X-Content-Type-Options': 'nosniff' }).end(`${status}\n`);
}
