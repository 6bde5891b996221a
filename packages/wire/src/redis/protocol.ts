import { LineSplitter } from '../bytes/line-splitter.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import type {
  Detection,
  DetectionSample,
  Direction,
  ParserContext,
  Protocol,
  ProtocolRecord,
  StreamParser,
  StreamState,
} from '../protocol.ts';

const MAXIMUM_COMMANDS = 100;
/** Commands that a server answers before anybody has logged in. */
const BEFORE_LOGIN = new Set(['AUTH', 'HELLO', 'QUIT', 'RESET']);

export interface RedisRecord extends ProtocolRecord {
  readonly protocol: 'redis';
  readonly activity: 'command' | 'error' | 'server-information';
  /** Name of a command; keys and values are never read. */
  readonly command: string;
  /** First word of an error: `NOAUTH`, `WRONGPASS`, `ERR`. */
  readonly error: string;
  readonly version: string;
  /** Whether the server wants a password, as far as its answers tell. */
  readonly authentication: '' | 'none' | 'required';
}

const EMPTY = { protocol: 'redis', command: '', error: '', version: '', authentication: '' } as const;

/** RESP arrays of bulk strings from the client; errors and the version from the server. */
class RedisParser implements StreamParser {
  readonly #context: ParserContext<RedisRecord>;
  readonly #lines = { 'to-server': new LineSplitter(), 'to-client': new LineSplitter() };
  #expects: 'array' | 'length' | 'name' = 'array';
  #lastCommand = '';
  #commands = 0;
  #isAuthenticationKnown = false;

  constructor(context: ParserContext<RedisRecord>) {
    this.#context = context;
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    for (const line of this.#lines[direction].push(bytes)) {
      if (direction === 'to-server') this.#clientLine(line);
      else this.#serverLine(line);
      if (this.#commands >= MAXIMUM_COMMANDS) return 'finished';
    }
    return 'continue';
  }

  gap(direction: Direction): StreamState {
    this.#lines[direction].clear();
    this.#expects = 'array';
    return 'continue';
  }

  end(): void {}

  #clientLine(line: string): void {
    if (/^\*\d{1,7}$/.test(line)) this.#expects = 'length';
    else if (this.#expects === 'length' && /^\$\d{1,3}$/.test(line)) this.#expects = 'name';
    else if (this.#expects === 'name') {
      this.#expects = 'array';
      if (!/^[A-Za-z.|_-]{1,32}$/.test(line)) return;
      this.#lastCommand = line.toUpperCase();
      this.#commands += 1;
      this.#context.emit({ ...EMPTY, activity: 'command', command: this.#lastCommand }, 'to-server');
    }
  }

  #serverLine(line: string): void {
    const error = line.startsWith('-') ? /^-([A-Z]{2,20})\b/.exec(line)?.[1] : undefined;
    if (error !== undefined) {
      const authentication = error === 'NOAUTH' ? 'required' : '';
      this.#isAuthenticationKnown ||= authentication !== '';
      this.#context.emit({ ...EMPTY, activity: 'error', error, authentication }, 'to-client');
      return;
    }
    const version = line.startsWith('redis_v') ? /^redis_version:([\w.-]{1,32})/.exec(line)?.[1] : undefined;
    if (version !== undefined) {
      this.#context.emit({ ...EMPTY, activity: 'server-information', version: cleanText(version) }, 'to-client');
    }
    if (this.#isAuthenticationKnown || this.#lastCommand === '') return;
    this.#isAuthenticationKnown = true;
    // Who was answered without having logged in needs no password.
    if (BEFORE_LOGIN.has(this.#lastCommand)) return;
    this.#context.emit({ ...EMPTY, activity: 'server-information', authentication: 'none' }, 'to-client');
  }
}

/** A client's array of bulk strings, and nothing that contradicts it. */
function detectRedis({ toServer, toClient }: DetectionSample): Detection {
  const isBegun = (bytes: Uint8Array) => /^\*\d{1,7}\r\n\$\d{1,9}\r\n/.test(latin1(bytes, 0, 32));
  if (toServer.length === 0)
    return toClient.length === 0 || '*+-:$'.includes(latin1(toClient, 0, 1)) ? 'undecided' : 'reject';
  if (isBegun(toServer)) return 'match';
  if (/^\*?\d{0,7}\r?\n?\$?\d{0,9}\r?$/.test(latin1(toServer, 0, 24)) && toServer[0] === 0x2a) return 'undecided';
  return 'reject';
}

export const redis: Protocol<RedisRecord> = {
  id: 'redis',
  title: 'Redis',
  standards: ['Redis serialization protocol specification (RESP2, RESP3)'],
  transports: ['tcp'],
  usualPorts: [6379],
  isEncrypted: false,
  isClinical: false,
  firstBytes: [0x2a, 0x2b, 0x2d, 0x3a, 0x24],
  detect: detectRedis,
  createStreamParser: (context) => new RedisParser(context),
  evidence: ({ version, authentication }) => [
    ...draft('redis.version', version, 'server'),
    ...draft('redis.authentication', authentication, 'server'),
  ],
};
