import type { Protocol } from '../protocol.ts';

/** Which rooms are asked, and in which order. */
export class ProtocolIndex {
  readonly #byTransport: Readonly<Record<'tcp' | 'udp', readonly Protocol[]>>;
  readonly #byId: ReadonlyMap<string, Protocol>;
  readonly #byEtherType: ReadonlyMap<number, Protocol>;
  readonly #ports: Readonly<Record<'tcp' | 'udp', ReadonlySet<number>>>;
  /** By port and first byte; made when they first come together, at most 256 for each usual port. */
  readonly #orders = { tcp: new Map<number, readonly Protocol[]>(), udp: new Map<number, readonly Protocol[]>() };

  constructor(protocols: readonly Protocol[]) {
    const on = (transport: 'tcp' | 'udp') => protocols.filter(({ transports }) => transports.includes(transport));
    this.#byTransport = { tcp: on('tcp'), udp: on('udp') };
    this.#ports = { tcp: usualPorts(this.#byTransport.tcp), udp: usualPorts(this.#byTransport.udp) };
    this.#byId = new Map(protocols.map((protocol) => [protocol.id, protocol]));
    this.#byEtherType = new Map(
      protocols.flatMap((protocol) => (protocol.etherTypes ?? []).map((type) => [type, protocol] as const)),
    );
  }

  get(id: string): Protocol | undefined {
    return this.#byId.get(id);
  }

  ofEtherType(etherType: number): Protocol | undefined {
    return this.#byEtherType.get(etherType);
  }

  /**
   * @param firstByte of what is at hand
   * @returns the rooms of a transport that may know it, those first that expect one of the ports
   */
  candidates(transport: 'tcp' | 'udp', clientPort: number, serverPort: number, firstByte: number): readonly Protocol[] {
    const ports = this.#ports[transport];
    const port = ports.has(serverPort) ? serverPort : ports.has(clientPort) ? clientPort : 0;
    const orders = this.#orders[transport];
    const key = (port << 8) | firstByte;
    let order = orders.get(key);
    if (order === undefined) {
      const possible = this.#byTransport[transport].filter(
        ({ firstBytes }) => firstBytes?.includes(firstByte) !== false,
      );
      const expects = ({ usualPorts }: Protocol) => usualPorts.includes(port);
      order = [...possible.filter(expects), ...possible.filter((room) => !expects(room))];
      orders.set(key, order);
    }
    return order;
  }
}

function usualPorts(rooms: readonly Protocol[]): ReadonlySet<number> {
  return new Set(rooms.flatMap((room) => room.usualPorts));
}
