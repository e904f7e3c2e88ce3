/**
 * A real web server for tests, with everything that goes wrong between a host and a phone. It serves a folder; faults
 * are rules on paths, and may change while it runs. Not for use outside of tests: it trusts its callers.
 *
 * Paths are relative to the site's root and without a leading slash, whatever the prefix: `models/catalog.json`.
 */

import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { securityHeaders } from '../../src/shared/security-headers.ts';

/** What happens to the answers of one path; several may go together. */
export interface Fault {
  /** Wait before the answer. */
  readonly delayMs?: number;
  /** Bytes a second of the body. */
  readonly bytesPerSecond?: number;
  /** Close the socket after so many bytes of the body. */
  readonly cutAtByte?: number;
  /** Never go on after so many bytes, and keep the socket open. */
  readonly hangAtByte?: number;
  /** Invert the bits of this byte. */
  readonly corruptByte?: number;
  /** Answer this status with a short text. */
  readonly status?: number;
  /** Claim this type. */
  readonly contentType?: string;
  /** Other content altogether. */
  readonly body?: string | Uint8Array;
  /** Send the browser elsewhere. */
  readonly redirectTo?: string;
  /** Ignore `Range` and answer 200 with everything. */
  readonly ignoreRange?: boolean;
  /** Close the socket without an answer. */
  readonly drop?: boolean;
  /** The rule holds for so many requests, then it is gone. Absent: for ever. */
  readonly times?: number;
}

export interface FaultServerOptions {
  /** Folder of the site. */
  readonly root: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** `/` or `/chester/`. */
  readonly under?: string;
  /** False: a plain static host, which sends none of our headers. */
  readonly headers?: boolean;
}

export interface FaultServer {
  readonly port: number;
  /** `http://localhost:PORT` */
  readonly origin: string;
  /** Address of the app: origin and prefix, with the slash. */
  readonly url: string;
  /** Requests so far by path, and those of one path. */
  readonly counts: ReadonlyMap<string, number>;
  count(path: string): number;
  resetCounts(): void;
  /** `path` exactly, or every path that a pattern matches; the newest rule wins. */
  fault(path: string | RegExp, fault: Fault): void;
  clearFaults(): void;
  /** Every request of every path is answered 200 with a login page, as hotel and hospital networks do. */
  captivePortal(on: boolean): void;
  /** Publish another version: from now on this folder is served. */
  publish(root: string): void;
  sendHeaders(on: boolean): void;
  /** Nobody listens any more and open connections break: the proof of offline. */
  stop(): Promise<void>;
  /** Listens again on the same port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

interface Rule {
  readonly matches: (path: string) => boolean;
  readonly fault: Fault;
  left: number;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.bin': 'application/octet-stream',
};

const portalPage = '<!doctype html><title>Welcome</title><h1>Free Wi-Fi</h1><form><button>I agree</button></form>';

/** Slices of a throttled body a second: even, and cheap. */
const slicesPerSecond = 20;

export async function startFaultServer(options: FaultServerOptions): Promise<FaultServer> {
  const under = options.under ?? '/';
  const sockets = new Set<Socket>();
  const counts = new Map<string, number>();
  let rules: Rule[] = [];
  let root = resolve(options.root);
  let headers = options.headers ?? true;
  let portal = false;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const address = decodeURIComponent((request.url ?? '/').replace(/[?#].*$/, ''));
    if (!address.startsWith(under)) return sendText(response, 404);
    const path = address.slice(under.length) || 'index.html';
    counts.set(path, (counts.get(path) ?? 0) + 1);
    if (portal) return sendText(response, 200, portalPage, 'text/html; charset=utf-8');
    const fault = takeFault(path);
    if (fault.drop === true) return void request.socket.destroy();
    if (fault.delayMs !== undefined) await wait(fault.delayMs);
    if (fault.redirectTo !== undefined) return void response.writeHead(302, { Location: fault.redirectTo }).end();
    if (fault.status !== undefined) return sendText(response, fault.status);
    const file = normalize(join(root, path));
    if (fault.body === undefined && !(file.startsWith(root + sep) && (await isFile(file))))
      return sendText(response, 404);
    const extra = { ...(headers ? securityHeaders : {}), 'Cache-Control': 'no-cache' };
    for (const [name, value] of Object.entries(extra)) response.setHeader(name, value);
    response.setHeader('Content-Type', fault.contentType ?? contentTypes[extname(path)] ?? 'application/octet-stream');
    if (isPlain(fault) && request.headers.range === undefined) {
      response.setHeader('Content-Length', (await stat(file)).size);
      return void createReadStream(file).pipe(response);
    }
    await sendBody(request, response, fault.body === undefined ? await readFile(file) : Buffer.from(fault.body), fault);
  };

  function takeFault(path: string): Fault {
    const rule = rules.findLast((candidate) => candidate.matches(path) && candidate.left > 0);
    if (rule === undefined) return {};
    rule.left -= 1;
    return rule.fault;
  }

  let server: Server | undefined;
  const listen = async (port: number): Promise<number> => {
    const next = createServer((request, response) => {
      answer(request, response).catch(() => response.destroy());
    });
    next.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((done, fail) => {
      next.once('error', fail);
      next.listen(port, '127.0.0.1', done);
    });
    server = next;
    return (next.address() as AddressInfo).port;
  };
  const stop = async (): Promise<void> => {
    const current = server;
    server = undefined;
    if (current === undefined) return;
    const closed = new Promise<void>((done) => current.close(() => done()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };

  const port = await listen(options.port ?? 0);
  // By name: Chromium counts localhost as a secure context, and so does everyone who reads a test.
  const origin = `http://localhost:${port}`;
  return {
    port,
    origin,
    url: origin + under,
    counts,
    count: (path) => counts.get(path) ?? 0,
    resetCounts: () => counts.clear(),
    fault(path, fault) {
      const matches =
        typeof path === 'string' ? (asked: string) => asked === path : (asked: string) => path.test(asked);
      rules.push({ matches, fault, left: fault.times ?? Infinity });
    },
    clearFaults() {
      rules = [];
    },
    captivePortal(on) {
      portal = on;
    },
    publish(next) {
      root = resolve(next);
    },
    sendHeaders(on) {
      headers = on;
    },
    stop,
    async restart() {
      await stop();
      await listen(port);
    },
    close: stop,
  };
}

/** Whether the body goes out as it is: these three change only what is around it. */
function isPlain(fault: Fault): boolean {
  const around: readonly string[] = ['delayMs', 'times', 'contentType'];
  return Object.keys(fault).every((name) => around.includes(name));
}

async function sendBody(
  request: IncomingMessage,
  response: ServerResponse,
  whole: Buffer,
  fault: Fault,
): Promise<void> {
  let body = Buffer.from(whole);
  if (fault.corruptByte !== undefined) body[fault.corruptByte] = ~(body[fault.corruptByte] ?? 0);
  const range = fault.ignoreRange === true ? undefined : /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  if (range) {
    const first = Number(range[1]);
    if (first >= body.length) {
      response.setHeader('Content-Range', `bytes */${body.length}`);
      return sendText(response, 416);
    }
    const last = Math.min(range[2] ? Number(range[2]) : Infinity, body.length - 1);
    response.statusCode = 206;
    response.setHeader('Content-Range', `bytes ${first}-${last}/${body.length}`);
    body = body.subarray(first, last + 1);
  }
  response.setHeader('Content-Length', body.length);
  const end = Math.min(fault.cutAtByte ?? Infinity, fault.hangAtByte ?? Infinity, body.length);
  const slice =
    fault.bytesPerSecond === undefined ? end : Math.max(1, Math.ceil(fault.bytesPerSecond / slicesPerSecond));
  response.flushHeaders();
  for (let at = 0; at < end; at += slice) {
    if (response.destroyed) return;
    const chunk = body.subarray(at, Math.min(at + slice, end));
    await new Promise((written) => response.write(chunk, written));
    if (fault.bytesPerSecond !== undefined) await wait(1_000 / slicesPerSecond);
  }
  if (end === body.length) response.end();
  else if (fault.cutAtByte === end) request.socket.destroy();
}

function sendText(response: ServerResponse, status: number, text = `${status}\n`, type = 'text/plain'): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) }).end(text);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
