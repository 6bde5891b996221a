import type { Address } from '../flow/address-book.ts';
import type { ObservedConversation } from './conversation-observer.ts';

/** Most clients talk to few servers; a table is made for those that talk to more than this. */
const MAXIMUM_CHAINED_PEERS = 8;

/** Conversations of a client with one server. */
export class Peer {
  readonly server: Address;
  readonly next: Peer | undefined;
  first: ObservedConversation | undefined;
  #unansweredTcp = 0;
  #unansweredUdp = 0;
  #unansweredOthers = 0;

  constructor(server: Address, next: Peer | undefined) {
    this.server = server;
    this.next = next;
  }

  /** @returns ports of this transport that did not answer; transports other than TCP and UDP are counted together */
  unansweredPorts(transport: string): number {
    if (transport === 'tcp') return this.#unansweredTcp;
    return transport === 'udp' ? this.#unansweredUdp : this.#unansweredOthers;
  }

  countUnansweredPort(transport: string): void {
    if (transport === 'tcp') this.#unansweredTcp += 1;
    else if (transport === 'udp') this.#unansweredUdp += 1;
    else this.#unansweredOthers += 1;
  }
}

/** The servers of one client. */
export class PeerList {
  #first: Peer | undefined;
  #count = 0;
  #byServer: Map<Address, Peer> | undefined;

  /** @returns the peer with this address, made when there is none yet */
  of(server: Address): Peer {
    return this.find(server) ?? this.#add(server);
  }

  find(server: Address): Peer | undefined {
    if (this.#byServer !== undefined) return this.#byServer.get(server);
    for (let peer = this.#first; peer !== undefined; peer = peer.next) if (peer.server === server) return peer;
    return undefined;
  }

  #add(server: Address): Peer {
    const peer = new Peer(server, this.#first);
    this.#first = peer;
    this.#count += 1;
    if (this.#byServer !== undefined) this.#byServer.set(server, peer);
    else if (this.#count > MAXIMUM_CHAINED_PEERS) {
      this.#byServer = new Map();
      for (let known: Peer | undefined = peer; known !== undefined; known = known.next) {
        this.#byServer.set(known.server, known);
      }
    }
    return peer;
  }
}
