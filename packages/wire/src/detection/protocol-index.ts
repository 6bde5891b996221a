import type { Protocol } from '../protocol.ts';

/** The rooms for one transport, those that expect a port first. */
export class ProtocolIndex {
  readonly #byTransport: Readonly<Record<'tcp' | 'udp', readonly Protocol[]>>;
  readonly #byId: ReadonlyMap<string, Protocol>;
  readonly #byEtherType: ReadonlyMap<number, Protocol>;
  readonly #orders = new Map<string, readonly Protocol[]>();

  constructor(protocols: readonly Protocol[]) {
    const on = (transport: 'tcp' | 'udp') => protocols.filter(({ transports }) => transports.includes(transport));
    this.#byTransport = { tcp: on('tcp'), udp: on('udp') };
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

  candidates(transport: 'tcp' | 'udp', clientPort: number, serverPort: number): readonly Protocol[] {
    const all = this.#byTransport[transport];
    const expects = (protocol: Protocol) =>
      protocol.usualPorts.includes(serverPort) || protocol.usualPorts.includes(clientPort);
    const expected = all.filter(expects);
    if (expected.length === 0) return all;
    const key = `${transport}|${expected.map(({ id }) => id).join()}`;
    const known = this.#orders.get(key);
    if (known !== undefined) return known;
    const order = [...expected, ...all.filter((protocol) => !expects(protocol))];
    this.#orders.set(key, order);
    return order;
  }
}
