import { ByteCollector } from '../bytes/byte-collector.ts';
import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { formatIpv4, formatIpv6 } from '../ip/address.ts';
import type { Direction, ParserContext, StreamParser, StreamState } from '../protocol.ts';
import { TunnelledStream } from '../tunnelled-stream.ts';
import type { SocksRequest } from './types.ts';

const MAXIMUM_NEGOTIATION_BYTES = 2048;
const MICROS_PER_MS = 1000;
const VERSION_4 = 4;
const PASSWORD = 2;
const GRANTED_4 = 0x5a;
const COMMANDS: Readonly<Record<number, SocksRequest['command']>> = { 1: 'connect', 2: 'bind', 3: 'udp-associate' };
const METHODS: Readonly<Record<number, SocksRequest['authentication']>> = {
  0: 'none',
  1: 'gssapi',
  2: 'password',
  255: 'refused',
};
/** RFC 1928 §6. */
const REPLIES_5 = [
  'succeeded',
  'general failure',
  'not allowed by ruleset',
  'network unreachable',
  'host unreachable',
  'connection refused',
  'TTL expired',
  'command not supported',
  'address type not supported',
];
/** The protocol description of SOCKS 4 (Y.-D. Lee, NEC). */
const REPLIES_4: Readonly<Record<number, string>> = {
  90: 'granted',
  91: 'rejected or failed',
  92: 'client does not answer identd',
  93: 'user id does not match identd',
};

type Asked = Pick<SocksRequest, 'version' | 'command' | 'destination' | 'destinationPort'>;
/** What a message of a state gives: nothing as long as it is not whole. */
type Step = 'greeting' | 'method' | 'credentials' | 'credentials-answer' | 'request' | 'reply';

/** SOCKS 4, 4a (protocol descriptions of NEC) and 5 (RFC 1928, RFC 1929), then what goes through the proxy. */
export class SocksParser implements StreamParser {
  readonly #context: ParserContext<SocksRequest>;
  readonly #waiting = {
    'to-server': new ByteCollector(MAXIMUM_NEGOTIATION_BYTES),
    'to-client': new ByteCollector(MAXIMUM_NEGOTIATION_BYTES),
  };
  #step: Step = 'greeting';
  #authentication: SocksRequest['authentication'] = 'none';
  #asked: Asked | undefined;
  #askedMicros: number | undefined;
  #tunnel: TunnelledStream | undefined;
  #isOver = false;

  constructor(context: ParserContext<SocksRequest>) {
    this.#context = context;
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    if (this.#tunnel !== undefined) return this.#tunnel.push(direction, bytes);
    this.#waiting[direction].add(bytes);
    while (this.#advance()) if (this.#isOver) return 'finished';
    if (this.#waiting['to-server'].isFull || this.#waiting['to-client'].isFull) return 'failed';
    return this.#tunnel === undefined ? 'continue' : this.#passOn();
  }

  gap(direction: Direction, length: number): StreamState {
    return this.#tunnel?.gap(direction, length) ?? 'failed';
  }

  end(): void {
    if (this.#tunnel !== undefined) this.#tunnel.end();
    else if (this.#asked !== undefined && !this.#isOver) this.#emit('', false);
  }

  /** Reads the next message of the negotiation. @returns false when it is not whole yet, or the negotiation is done */
  #advance(): boolean {
    if (this.#tunnel !== undefined || this.#isOver) return false;
    const isFromClient = this.#step === 'greeting' || this.#step === 'credentials' || this.#step === 'request';
    const collector = this.#waiting[isFromClient ? 'to-server' : 'to-client'];
    const cursor = new ByteCursor(collector.view());
    const next = this.#read(this.#step, cursor);
    if (cursor.isBroken || next === undefined) return false;
    this.#step = next;
    collector.drop(cursor.offset);
    return true;
  }

  /** @returns the step behind this one; the cursor is broken when the message is not whole */
  #read(step: Step, cursor: ByteCursor): Step | undefined {
    switch (step) {
      case 'greeting': {
        if (cursor.uint8() === VERSION_4) return this.#requestOfVersion4(cursor);
        cursor.skip(cursor.uint8());
        return 'method';
      }
      case 'method': {
        cursor.skip(1);
        const method = cursor.uint8();
        this.#authentication = METHODS[method] ?? 'other';
        if (!cursor.isBroken && method !== 0 && method !== PASSWORD) this.#isOver = true;
        return method === PASSWORD ? 'credentials' : 'request';
      }
      case 'credentials':
        cursor.skip(1);
        cursor.skip(cursor.uint8());
        cursor.skip(cursor.uint8());
        return 'credentials-answer';
      case 'credentials-answer':
        cursor.skip(1);
        if (cursor.uint8() !== 0) this.#isOver = true;
        return 'request';
      case 'request':
        return this.#requestOfVersion5(cursor);
      case 'reply':
        return this.#reply(cursor);
      default:
        return step satisfies never;
    }
  }

  #requestOfVersion4(cursor: ByteCursor): Step | undefined {
    const command = COMMANDS[cursor.uint8()] ?? 'other';
    const destinationPort = cursor.uint16();
    const address = cursor.uint32();
    if (!skipText(cursor)) return undefined;
    // 0.0.0.x stands for a name that follows.
    const isNamed = address > 0 && address < 256;
    const nameStart = cursor.offset;
    if (isNamed && !skipText(cursor)) return undefined;
    const name = cleanText(latin1(cursor.bytes, nameStart, cursor.offset - 1), 255);
    const destination = isNamed ? name : formatIpv4(address);
    return this.#ask({ version: isNamed ? '4a' : '4', command, destination, destinationPort }, cursor);
  }

  #requestOfVersion5(cursor: ByteCursor): Step | undefined {
    cursor.skip(1);
    const command = COMMANDS[cursor.uint8()] ?? 'other';
    cursor.skip(1);
    const destination = readAddress(cursor);
    const destinationPort = cursor.uint16();
    return this.#ask({ version: '5', command, destination, destinationPort }, cursor);
  }

  #ask(asked: Asked, cursor: ByteCursor): Step | undefined {
    if (cursor.isBroken) return undefined;
    this.#asked = asked;
    this.#askedMicros = this.#context.timeMicros?.();
    return 'reply';
  }

  #reply(cursor: ByteCursor): Step | undefined {
    cursor.skip(1);
    const code = cursor.uint8();
    const isVersion5 = this.#asked?.version === '5';
    if (isVersion5) {
      cursor.skip(1);
      readAddress(cursor);
      cursor.skip(2);
    } else cursor.skip(6);
    if (cursor.isBroken) return undefined;
    const isGranted = isVersion5 ? code === 0 : code === GRANTED_4;
    this.#emit((isVersion5 ? REPLIES_5[code] : REPLIES_4[code]) ?? `reply ${code}`, isGranted);
    if (isGranted && this.#asked?.command === 'connect')
      this.#tunnel = new TunnelledStream(this.#context as ParserContext);
    else this.#isOver = true;
    return 'reply';
  }

  #emit(reply: string, isGranted: boolean): void {
    const asked = this.#asked;
    if (asked === undefined) return;
    const now = reply === '' ? undefined : this.#context.timeMicros?.();
    const durationMs =
      now === undefined || this.#askedMicros === undefined ? undefined : (now - this.#askedMicros) / MICROS_PER_MS;
    const authentication = this.#authentication;
    this.#context.emit(
      { protocol: 'socks', activity: 'request', ...asked, authentication, reply, isGranted, durationMs },
      reply === '' ? 'to-server' : 'to-client',
    );
  }

  /** What came behind the negotiation in the same segment belongs to the tunnel. */
  #passOn(): StreamState {
    let state: StreamState = 'continue';
    for (const direction of ['to-server', 'to-client'] as const) {
      const rest = this.#waiting[direction].view().slice();
      this.#waiting[direction].clear();
      if (rest.length > 0 && state === 'continue') state = this.#tunnel?.push(direction, rest) ?? 'finished';
    }
    return state;
  }
}

/** RFC 1928 §5. */
function readAddress(cursor: ByteCursor): string {
  switch (cursor.uint8()) {
    case 1:
      return formatIpv4(cursor.uint32());
    case 3:
      return cleanText(latin1(cursor.slice(cursor.uint8())), 255);
    case 4:
      return formatIpv6(cursor.uint32() | 0, cursor.uint32() | 0, cursor.uint32() | 0, cursor.uint32() | 0);
    default:
      cursor.isBroken = true;
      return '';
  }
}

/** @returns false when the NUL at the end is not there yet */
function skipText(cursor: ByteCursor): boolean {
  const end = cursor.bytes.indexOf(0, cursor.offset);
  if (end < 0) return false;
  cursor.skip(end + 1 - cursor.offset);
  return true;
}
