import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};
/** An isolated page may share memory between threads, and its clock has a resolution of 5 µs, another's of 100. */
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export interface IsolatedServer {
  /** Ends with a slash. */
  readonly url: string;
  close(): void;
}

/**
 * Serves cross-origin isolated pages on localhost.
 *
 * @param contentOf what lies at a path (`/…`); rejects where there is nothing
 */
export async function serveIsolated(
  contentOf: (path: string) => Promise<string | Uint8Array>,
): Promise<IsolatedServer> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const type = path === '/' ? 'text/html' : (contentTypes[extname(path)] ?? 'application/octet-stream');
    contentOf(path).then(
      (content) => response.writeHead(200, { ...isolation, 'Content-Type': type }).end(content),
      () => response.writeHead(404, isolation).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
