import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { SyslogFraming } from '@sphinx/logs';
import { SenderLimit } from '../intake/rate-limit.ts';
import { cannotListen } from './datagram-input.ts';
import { type OpenInput, plainAddress, type RecordSink, type SocketOptions } from './input.ts';

const MAXIMUM_CONNECTIONS = 1000;
/** A sender that says nothing for so long has gone without a word. */
const IDLE_MS = 15 * 60_000;
/** How long a sender waits that is too fast, or faster than the program can read. */
const PAUSE_MS = 50;

/**
 * Listens for connections that carry messages with octet counting, or a line feed or NUL behind each. Who sends faster than allowed
 * waits: nothing that a sender handed over is left out.
 *
 * @param name of the way in, for example `syslog-tcp`
 * @param tls for connections over TLS
 * @throws SphinxError SPX_UNAVAILABLE when the port cannot be had
 */
export function openStreamInput(
  name: string,
  options: SocketOptions,
  sink: RecordSink,
  tls?: TlsOptions,
): Promise<OpenInput> {
  const limit = new SenderLimit(options.eventsPerSecond);
  const sockets = new Set<Socket>();
  const accept = (socket: Socket) => {
    if (sockets.size >= MAXIMUM_CONNECTIONS) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    readConnection(name, socket, options, sink, limit);
  };
  const server: Server = tls === undefined ? createServer(accept) : createTlsServer(tls, accept);
  server.on('tlsClientError', () => undefined);
  const { host, port } = options;
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(name, host, port, cause)));
    server.listen(port, host, () => {
      server.removeAllListeners('error').on('error', () => undefined);
      const address = server.address();
      resolve({
        name,
        port: typeof address === 'object' && address !== null ? address.port : port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            for (const socket of sockets) socket.destroy();
          }),
      });
    });
  });
}

function readConnection(
  name: string,
  socket: Socket,
  { maximumBytes, now }: SocketOptions,
  sink: RecordSink,
  limit: SenderLimit,
): void {
  const senderIp = plainAddress(socket.remoteAddress);
  const source = `${name}/${senderIp}`;
  const framing = new SyslogFraming(maximumBytes);
  let truncated = 0;
  const take = (messages: readonly Buffer[]) => {
    let mustWait = false;
    for (const message of messages) {
      if (!limit.take(senderIp, performance.now())) mustWait = true;
      sink.push({ raw: message.toString('utf8'), arrivedMs: now(), source, senderIp });
    }
    if (framing.truncated > truncated) sink.countTruncated(source, framing.truncated - truncated);
    truncated = framing.truncated;
    if (mustWait || sink.isFull) pause();
  };
  const pause = () => {
    socket.pause();
    setTimeout(() => (sink.isFull ? pause() : socket.resume()), PAUSE_MS);
  };
  socket.setTimeout(IDLE_MS, () => socket.destroy());
  socket.on('data', (bytes) => take(framing.push(bytes)));
  // What came before a connection broke is kept as well.
  socket.on('close', () => take(framing.end()));
  socket.on('error', () => undefined);
}
