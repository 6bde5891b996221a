import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { SphinxError } from '../errors.ts';
import type { ServerCertificate } from './server-certificate.ts';

const HEADERS_TIMEOUT_MS = 15_000;
/** Browsers ask again on a connection that was idle for a while; one that is closed at that moment costs them the request. */
const IDLE_TIMEOUT_MS = 75_000;

export interface HttpsServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves over TLS 1.2 and 1.3 only.
 *
 * @param options.port 0 takes a free one
 * @throws SphinxError SPX_UNAVAILABLE when address or port cannot be had
 */
export async function serveHttps(options: {
  host: string;
  port: number;
  certificate: ServerCertificate;
  fetch: (request: Request) => Promise<Response>;
}): Promise<HttpsServer> {
  const { host, port, certificate, fetch } = options;
  const server = createServer(
    {
      cert: certificate.certificate,
      key: certificate.privateKey,
      minVersion: 'TLSv1.2',
      headersTimeout: HEADERS_TIMEOUT_MS,
      keepAliveTimeout: IDLE_TIMEOUT_MS,
      // An upload of a large capture over a slow link takes its time; the headers have their own limit.
      requestTimeout: 0,
    },
    getRequestListener(fetch, { overrideGlobalObjects: false }),
  );
  await listen(server, host, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason =
        cause.code === 'EADDRINUSE'
          ? `Port ${port} is taken by another program. Choose another one with --port, or 0 for any free one.`
          : `Cannot listen on ${host} port ${port}: ${cause.message}`;
      reject(new SphinxError('SPX_UNAVAILABLE', reason, { cause }));
    });
    server.listen(port, host, () => resolve());
  });
}
