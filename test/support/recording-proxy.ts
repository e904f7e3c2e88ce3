/**
 * A proxy that writes down which hosts a browser asks for. It passes on what goes to this machine and cuts the rest, so
 * that a foreign host is seen and never reached.
 */

import { createServer, request as forward } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface RecordingProxy {
  /** `host:port` of everything that was asked for. */
  readonly hosts: Set<string>;
  /** Sends the whole browser through it, localhost too. */
  readonly browserArgs: readonly string[];
  close(): Promise<void>;
}

const local = /^(?:localhost|127\.0\.0\.1)(?::\d+)?$/;

export async function startRecordingProxy(): Promise<RecordingProxy> {
  const hosts = new Set<string>();
  const sockets = new Set<Socket>();

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://unknown.invalid');
    hosts.add(url.host);
    if (!local.test(url.host)) {
      request.socket.destroy();
      return;
    }
    const { hostname, port, pathname, search } = url;
    const passedOn = forward(
      // By number: the test server listens on IPv4 only.
      {
        host: hostname === 'localhost' ? '127.0.0.1' : hostname,
        port,
        path: pathname + search,
        method: request.method,
        headers: request.headers,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        answer.on('error', () => response.destroy());
      },
    );
    // No answer of the proxy's own: a server that is down must look like one.
    passedOn.on('error', () => request.socket.destroy());
    request.pipe(passedOn);
  });
  server.on('connect', (request, socket: Socket) => {
    const host = request.url ?? '';
    hosts.add(host);
    socket.on('error', () => socket.destroy());
    if (!local.test(host)) {
      socket.destroy();
      return;
    }
    const upstream = connect(Number(host.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(socket);
      socket.pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    sockets.add(upstream);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    hosts,
    browserArgs: [`--proxy-server=http://127.0.0.1:${port}`, '--proxy-bypass-list=<-loopback>'],
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
