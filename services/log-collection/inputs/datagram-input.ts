import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { SphinxError } from '@sphinx/platform/errors';
import { SenderLimit } from '../intake/rate-limit.ts';
import { type OpenInput, plainAddress, type RecordSink, type SocketOptions } from './input.ts';

/** The kernel keeps this much while the program is busy: some thousand messages. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/**
 * Listens for datagrams. What one sender sends beyond its rate, and what comes when there is no room, is left out and counted.
 *
 * @param name of the way in, for example `syslog-udp`
 * @param textOf what a datagram says; undefined where it is a part of something, or cannot be read
 * @throws SphinxError SPX_UNAVAILABLE when the port cannot be had
 */
export function openDatagramInput(
  name: string,
  options: SocketOptions,
  sink: RecordSink,
  textOf: (datagram: Buffer, sender: string, nowMs: number) => string | undefined,
): Promise<OpenInput> {
  const { host, port, maximumBytes, eventsPerSecond, now } = options;
  const limit = new SenderLimit(eventsPerSecond);
  const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES });
  socket.on('message', (datagram, remote) => {
    const senderIp = plainAddress(remote.address);
    const source = `${name}/${senderIp}`;
    if (sink.isFull || !limit.take(senderIp, performance.now())) {
      sink.countDropped(source, 1);
      return;
    }
    const isLong = datagram.length > maximumBytes;
    if (isLong) sink.countTruncated(source, 1);
    const raw = textOf(isLong ? datagram.subarray(0, maximumBytes) : datagram, senderIp, performance.now());
    if (raw !== undefined && raw !== '') sink.push({ raw, arrivedMs: now(), source, senderIp });
  });
  return new Promise((resolve, reject) => {
    socket.once('error', (cause) => reject(cannotListen(name, host, port, cause)));
    socket.bind(port, host, () => {
      socket.removeAllListeners('error').on('error', () => undefined);
      resolve({
        name,
        port: socket.address().port,
        close: () =>
          new Promise((closed) => {
            socket.close(() => closed());
          }),
      });
    });
  });
}

/** @returns the error for a port that cannot be had, with what to do */
export function cannotListen(name: string, host: string, port: number, cause: NodeJS.ErrnoException): SphinxError {
  const reason =
    cause.code === 'EADDRINUSE'
      ? 'another program has it. Choose another port in the settings of log collection'
      : cause.code === 'EACCES'
        ? 'ports below 1024 need a right of their own. Choose a higher one, or give the program CAP_NET_BIND_SERVICE'
        : cause.message;
  return new SphinxError('SPX_UNAVAILABLE', `${name} cannot listen on ${host} port ${port}: ${reason}.`, { cause });
}

/** @returns what a datagram of syslog says */
export function textOfDatagram(datagram: Buffer): string {
  return datagram.toString('utf8').replace(/[\r\n\0]+$/, '');
}
