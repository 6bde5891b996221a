import type { InspectedFlowState } from '../inspector.ts';
import { isRefused, isUnanswered } from './ending.ts';

/** Flows that are remembered, and those of them that windows over hosts look at: greatest counts of KDD Cup 99. */
const REMEMBERED = 512;
const HOST_WINDOW = 256;
const MASK = REMEMBERED - 1;
const TWO_SECONDS_MICROS = 2_000_000;
/** Names that are numbered before numbers start again: bounds the memory, whatever addresses come. */
const MAXIMUM_NAMES = 65_536;

/** A name that was seen, and when it was last: numbers of flows, or before the first. */
interface Name {
  readonly number: number;
  lastAsServer: number;
  lastAsService: number;
}

const NEVER = -1;

/**
 * The flows that ended last, as numbers. Each knows the one before it to the same server and of the same service, so that what is
 * counted of a flow walks over those alone. Memory is bounded: a fixed ring and a table of names that starts anew.
 */
export class FlowWindow {
  readonly #begin = new Float64Array(REMEMBERED);
  readonly #server = new Int32Array(REMEMBERED);
  readonly #client = new Int32Array(REMEMBERED);
  readonly #service = new Int32Array(REMEMBERED);
  readonly #clientPort = new Int32Array(REMEMBERED);
  readonly #isUnanswered = new Uint8Array(REMEMBERED);
  readonly #isRefused = new Uint8Array(REMEMBERED);
  /** Numbers of the flows before to the same server, and of the same service. */
  readonly #sameServer = new Float64Array(REMEMBERED);
  readonly #sameService = new Float64Array(REMEMBERED);
  #names = new Map<string, Name>();
  #next = 1;
  #added = 0;

  add(flow: InspectedFlowState, service: string, flag: string): void {
    const flowNumber = this.#added;
    const at = flowNumber & MASK;
    const server = this.#nameOf(flow.serverIp);
    const ofService = this.#nameOf(service);
    this.#begin[at] = flow.firstMicros;
    this.#server[at] = server.number;
    this.#client[at] = this.#nameOf(flow.clientIp).number;
    this.#service[at] = ofService.number;
    this.#sameServer[at] = server.lastAsServer;
    this.#sameService[at] = ofService.lastAsService;
    server.lastAsServer = flowNumber;
    ofService.lastAsService = flowNumber;
    this.#clientPort[at] = flow.clientPort;
    this.#isUnanswered[at] = isUnanswered(flag) ? 1 : 0;
    this.#isRefused[at] = isRefused(flag) ? 1 : 0;
    this.#added++;
  }

  /** Writes the nine features of two seconds and the ten of the host of the flow that was added last. */
  describe(into: Float64Array, first: number): void {
    this.#describeSeconds(into, first);
    this.#describeHost(into, first + 9);
  }

  #describeSeconds(into: Float64Array, first: number): void {
    const last = (this.#added - 1) & MASK;
    const [begin, server, service] = [this.#begin[last] ?? 0, this.#server[last], this.#service[last]];
    let [count, sameService, unanswered, refused] = [0, 0, 0, 0];
    let [services, otherHost, serviceUnanswered, serviceRefused] = [0, 0, 0, 0];
    const oldest = Math.max(0, this.#added - REMEMBERED);
    for (let each = this.#added - 1; each >= oldest; each = this.#sameServer[each & MASK] ?? NEVER) {
      const at = each & MASK;
      if (Math.abs((this.#begin[at] ?? 0) - begin) > TWO_SECONDS_MICROS) continue;
      count++;
      if (this.#service[at] === service) sameService++;
      unanswered += this.#isUnanswered[at] ?? 0;
      refused += this.#isRefused[at] ?? 0;
    }
    for (let each = this.#added - 1; each >= oldest; each = this.#sameService[each & MASK] ?? NEVER) {
      const at = each & MASK;
      if (Math.abs((this.#begin[at] ?? 0) - begin) > TWO_SECONDS_MICROS) continue;
      services++;
      if (this.#server[at] !== server) otherHost++;
      serviceUnanswered += this.#isUnanswered[at] ?? 0;
      serviceRefused += this.#isRefused[at] ?? 0;
    }
    into[first] = count;
    into[first + 1] = services;
    into[first + 2] = unanswered / count;
    into[first + 3] = serviceUnanswered / services;
    into[first + 4] = refused / count;
    into[first + 5] = serviceRefused / services;
    into[first + 6] = sameService / count;
    into[first + 7] = (count - sameService) / count;
    into[first + 8] = otherHost / services;
  }

  #describeHost(into: Float64Array, first: number): void {
    const last = (this.#added - 1) & MASK;
    const [service, client, port] = [this.#service[last], this.#client[last], this.#clientPort[last]];
    let [count, sameService, samePort, otherClient] = [0, 0, 0, 0];
    let [unanswered, refused, serviceUnanswered, serviceRefused] = [0, 0, 0, 0];
    const oldest = Math.max(0, this.#added - (HOST_WINDOW - 1));
    for (let each = this.#added - 1; each >= oldest; each = this.#sameServer[each & MASK] ?? NEVER) {
      const at = each & MASK;
      count++;
      unanswered += this.#isUnanswered[at] ?? 0;
      refused += this.#isRefused[at] ?? 0;
      if (this.#clientPort[at] === port) samePort++;
      if (this.#service[at] !== service) continue;
      sameService++;
      if (this.#client[at] !== client) otherClient++;
      serviceUnanswered += this.#isUnanswered[at] ?? 0;
      serviceRefused += this.#isRefused[at] ?? 0;
    }
    into[first] = count;
    into[first + 1] = sameService;
    into[first + 2] = sameService / count;
    into[first + 3] = (count - sameService) / count;
    into[first + 4] = samePort / count;
    into[first + 5] = otherClient / sameService;
    into[first + 6] = unanswered / count;
    into[first + 7] = serviceUnanswered / sameService;
    into[first + 8] = refused / count;
    into[first + 9] = serviceRefused / sameService;
  }

  #nameOf(name: string): Name {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    if (this.#names.size >= MAXIMUM_NAMES) this.#names = new Map();
    const made = { number: this.#next++ | 0, lastAsServer: NEVER, lastAsService: NEVER };
    this.#names.set(name, made);
    return made;
  }
}
