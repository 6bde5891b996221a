import type dgram from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { DecoyService } from '../decoys/persona.ts';
import type { DecoyLimits, DecoyTask, FromProcess, ListenerState, ToProcess } from './messages.ts';
import { NeedleFinder } from './needle-finder.ts';
import { SessionGate } from './session-gate.ts';
import { serveTcp } from './tcp-session.ts';
import { UdpListener } from './udp-listener.ts';

const REFUSED_EVERY_MS = 2000;
const BACKLOG = 512;

interface OpenDecoy {
  readonly servers: { close(): void }[];
  readonly sockets: Set<Socket>;
}

/** All decoys of this process. */
export class DecoyHouse {
  readonly #send: (message: FromProcess) => void;
  readonly #sendDatagram: typeof dgram.Socket.prototype.send;
  readonly #decoys = new Map<string, OpenDecoy>();
  readonly #gate = new SessionGate();
  readonly #needles = new NeedleFinder();

  /** @param sendDatagram answers over UDP, which nothing else in the process may send */
  constructor(send: (message: FromProcess) => void, sendDatagram: typeof dgram.Socket.prototype.send) {
    this.#send = send;
    this.#sendDatagram = sendDatagram;
    setInterval(() => {
      for (const refused of this.#gate.takeRefused()) send({ kind: 'refused', ...refused });
    }, REFUSED_EVERY_MS).unref();
  }

  take(message: ToProcess): void {
    if (message.kind === 'open') void this.#open(message.decoy, message.limits);
    else if (message.kind === 'close') this.#close(message.decoy);
    else this.#needles.set(message.needles);
  }

  async #open(decoy: DecoyTask, limits: DecoyLimits): Promise<void> {
    this.#close(decoy.id);
    const open: OpenDecoy = { servers: [], sockets: new Set() };
    this.#decoys.set(decoy.id, open);
    const wanted = decoy.addresses.flatMap((address) => decoy.services.map((service) => ({ address, service })));
    const listeners: ListenerState[] = [];
    for (const { address, service } of wanted)
      listeners.push(await this.#listen(open, decoy, service, address, limits));
    this.#send({ kind: 'opened', decoy: decoy.id, listeners });
  }

  #close(id: string): void {
    const open = this.#decoys.get(id);
    if (open === undefined) return;
    this.#decoys.delete(id);
    for (const server of open.servers) server.close();
    for (const socket of open.sockets) socket.destroy();
    this.#send({ kind: 'closed', decoy: id });
  }

  async #listen(
    open: OpenDecoy,
    decoy: DecoyTask,
    service: DecoyService,
    address: string,
    limits: DecoyLimits,
  ): Promise<ListenerState> {
    const { protocol, port } = service;
    if (protocol === 'bacnet') return this.#listenForDatagrams(open, decoy, service, address);
    const { promise, resolve } = Promise.withResolvers<string>();
    const server = serverFor(service, decoy, (socket) => this.#accept(open, socket, decoy, service, limits));
    server.on('error', (error: NodeJS.ErrnoException) => resolve(faultText(error)));
    server.listen({ host: address, port, backlog: BACKLOG, exclusive: true }, () => resolve(''));
    const fault = await promise;
    if (fault === '') open.servers.push(server);
    const bound = server.address();
    const actual = typeof bound === 'object' && bound !== null ? bound.port : port;
    return { address, port: actual, protocol, fault };
  }

  async #listenForDatagrams(
    open: OpenDecoy,
    decoy: DecoyTask,
    service: DecoyService,
    address: string,
  ): Promise<ListenerState> {
    const { protocol, port } = service;
    const parts = { decoy, service, address, needles: this.#needles, send: this.#send, answer: this.#sendDatagram };
    const listener = new UdpListener(parts);
    const opened = await listener.open();
    if (typeof opened !== 'number') return { address, port, protocol, fault: faultText(opened) };
    open.servers.push(listener);
    return { address, port: opened, protocol, fault: '' };
  }

  #accept(open: OpenDecoy, socket: Socket, decoy: DecoyTask, service: DecoyService, limits: DecoyLimits): void {
    const source = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    if (source === '' || !this.#gate.enter(source, decoy.id, limits)) {
      socket.destroy();
      return;
    }
    open.sockets.add(socket);
    const ended = () => {
      open.sockets.delete(socket);
      this.#gate.leave(source);
    };
    serveTcp(socket, { decoy, service, limits, needles: this.#needles, send: this.#send, ended });
  }
}

function serverFor(service: DecoyService, { keys }: DecoyTask, take: (socket: Socket) => void): Server {
  if ('isTls' in service && service.isTls) {
    const server = createTlsServer(
      { key: keys.tls, cert: keys.certificate, minVersion: 'TLSv1.2', handshakeTimeout: 10_000 },
      take,
    );
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    return server;
  }
  return createServer({ allowHalfOpen: false }, take);
}

function faultText({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE')
    return 'Another program of this machine listens there. Give the decoy another port or address.';
  if (code === 'EACCES') return 'Ports below 1024 need the right to open them. See docs/honeypots.md, "Ports".';
  if (code === 'EADDRNOTAVAIL')
    return 'The address is not one of this machine. See docs/honeypots.md, "Many addresses".';
  return message;
}
