import type { Protocol } from '../protocol.ts';

/** The rooms for one transport, those that expect a port first. */
export class ProtocolIndex {
  readonly #byTransport: Readonly<Record<'tcp' | 'udp', readonly Protocol[]>>;
  readonly #byId: ReadonlyMap<string, Protocol>;
  readonly #byEtherType: ReadonlyMap<number, Protocol>;
  readonly #byPort: Readonly<Record<'tcp' | 'udp', ReadonlyMap<number, readonly Protocol[]>>>;

  constructor(protocols: readonly Protocol[]) {
    const on = (transport: 'tcp' | 'udp') => protocols.filter(({ transports }) => transports.includes(transport));
    this.#byTransport = { tcp: on('tcp'), udp: on('udp') };
    this.#byPort = { tcp: orderByPort(this.#byTransport.tcp), udp: orderByPort(this.#byTransport.udp) };
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

  /** @returns the rooms of a transport, those first that expect one of the ports */
  candidates(transport: 'tcp' | 'udp', clientPort: number, serverPort: number): readonly Protocol[] {
    const expecting = this.#byPort[transport];
    const byServer = expecting.get(serverPort);
    const byClient = expecting.get(clientPort);
    if (byServer === undefined) return byClient ?? this.#byTransport[transport];
    if (byClient === undefined || byClient === byServer) return byServer;
    return [...new Set([...byServer, ...byClient])];
  }
}

/** @returns for each port that some room expects, all rooms with those that expect it first */
function orderByPort(rooms: readonly Protocol[]): ReadonlyMap<number, readonly Protocol[]> {
  const ports = new Set(rooms.flatMap(({ usualPorts }) => usualPorts));
  return new Map(
    [...ports].map((port) => {
      const expects = ({ usualPorts }: Protocol) => usualPorts.includes(port);
      return [port, [...rooms.filter(expects), ...rooms.filter((room) => !expects(room))]] as const;
    }),
  );
}
