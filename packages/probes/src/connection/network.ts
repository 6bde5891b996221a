import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect, isIPv6, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Where probes reach their targets; the real network, or an invented one in tests. */
export interface ProbeNetwork {
  /** @returns undefined when the port is closed or nobody answers in time */
  openTcp(ip: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<TcpChannel | undefined>;
  openUdp(ip: string, port: number): Promise<UdpChannel | undefined>;
}

export interface TcpChannel {
  readonly stream: Duplex;
  readonly localAddress: string;
  readonly localPort: number;
}

export interface UdpChannel {
  readonly localAddress: string;
  readonly localPort: number;
  send(bytes: Uint8Array): void;
  /** Takes every datagram of the target from now on. */
  onMessage(take: (bytes: Uint8Array) => void): void;
  close(): void;
}

/** The network of this machine. Takes the route that the operating system takes. */
export const systemNetwork: ProbeNetwork = {
  openTcp(ip, port, timeoutMs, signal) {
    return new Promise((resolve) => {
      const socket = connect({ host: ip, port, noDelay: true });
      const finish = (channel: TcpChannel | undefined) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abandon);
        if (channel === undefined) socket.destroy();
        resolve(channel);
      };
      const abandon = () => finish(undefined);
      const timer = setTimeout(abandon, timeoutMs);
      signal.addEventListener('abort', abandon);
      // Errors after the connection stands are told by its end.
      socket.on('error', () => finish(undefined));
      socket.once('connect', () => finish(channelOf(socket)));
      if (signal.aborted) abandon();
    });
  },
  openUdp(ip, port) {
    return new Promise((resolve) => {
      const socket = createSocket(isIPv6(ip) ? 'udp6' : 'udp4');
      socket.on('error', () => resolve(undefined));
      // Connected: datagrams of others are not taken.
      socket.connect(port, ip, () => resolve(udpChannelOf(socket)));
    });
  },
};

function channelOf(socket: Socket): TcpChannel {
  return { stream: socket, localAddress: socket.localAddress ?? '', localPort: socket.localPort ?? 0 };
}

function udpChannelOf(socket: UdpSocket): UdpChannel {
  const { address, port } = socket.address();
  return {
    localAddress: address,
    localPort: port,
    send: (bytes) => socket.send(bytes),
    onMessage: (take) => socket.on('message', (message) => take(message)),
    close: () => socket.close(),
  };
}
