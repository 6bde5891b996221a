import type { Protocol } from '../protocol.ts';

/** Different lists of rooms that are remembered; real traffic has some dozens. */
const MAXIMUM_LISTS = 4096;

interface ListNode {
  list: readonly Protocol[] | undefined;
  readonly longer: Map<Protocol, ListNode>;
}

/** Which rooms are asked, and in which order. */
export class ProtocolIndex {
  readonly #byTransport: Readonly<Record<'tcp' | 'udp', readonly Protocol[]>>;
  readonly #byId: ReadonlyMap<string, Protocol>;
  readonly #byEtherType: ReadonlyMap<number, Protocol>;
  readonly #ports: Readonly<Record<'tcp' | 'udp', ReadonlySet<number>>>;
  /** By port and first byte; made when they first come together, at most 256 for each usual port. */
  readonly #orders = { tcp: new Map<number, readonly Protocol[]>(), udp: new Map<number, readonly Protocol[]>() };

  /** Lists that flows keep, as a tree by their rooms. */
  readonly #lists: ListNode = { list: undefined, longer: new Map() };
  #nodes = 0;

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

  /** @returns the same list for the same rooms: of a million flows that each keep one, few differ */
  sharedList(rooms: readonly Protocol[]): readonly Protocol[] {
    let node = this.#lists;
    for (const room of rooms) {
      let next = node.longer.get(room);
      if (next === undefined) {
        if (this.#nodes >= MAXIMUM_LISTS) return rooms.slice();
        this.#nodes += 1;
        next = { list: undefined, longer: new Map() };
        node.longer.set(room, next);
      }
      node = next;
    }
    node.list ??= rooms.slice();
    return node.list;
  }
}

function usualPorts(rooms: readonly Protocol[]): ReadonlySet<number> {
  return new Set(rooms.flatMap((room) => room.usualPorts));
}
