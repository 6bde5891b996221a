import { LineSplitter } from '../bytes/line-splitter.ts';
import { word16 } from '../bytes/match.ts';
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

const PORT = 11211;
const MAXIMUM_COMMANDS = 100;
/** Request id, sequence, count, reserved (protocol.txt, UDP). */
const UDP_HEADER_BYTES = 8;
const COMMAND =
  /^(get|gets|gat|gats|set|add|replace|append|prepend|cas|delete|incr|decr|touch|stats|version|flush_all|verbosity|quit|mg|ms|md|ma|mn|me)(?: [ -~]*)?\r?$/;
const ANSWER =
  /^(?:STAT |VALUE |VERSION |STORED|NOT_STORED|EXISTS|NOT_FOUND|DELETED|TOUCHED|END|OK|ERROR|CLIENT_ERROR |SERVER_ERROR )/;

export interface MemcachedRecord extends ProtocolRecord {
  readonly protocol: 'memcached';
  readonly activity: 'command' | 'server-information';
  /** Name of a command; keys and values are never read. */
  readonly command: string;
  readonly version: string;
}

/** Commands of the text protocol by name, and the version where it is told. */
class MemcachedParser implements StreamParser {
  readonly #context: ParserContext<MemcachedRecord>;
  readonly #lines = { 'to-server': new LineSplitter(), 'to-client': new LineSplitter() };
  #commands = 0;

  constructor(context: ParserContext<MemcachedRecord>) {
    this.#context = context;
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    for (const line of this.#lines[direction].push(bytes)) {
      const record = readLine(line, direction);
      if (record === undefined) continue;
      this.#context.emit(record, direction);
      this.#commands += 1;
      if (this.#commands >= MAXIMUM_COMMANDS) return 'finished';
    }
    return 'continue';
  }

  gap(direction: Direction): StreamState {
    this.#lines[direction].clear();
    return 'continue';
  }

  end(): void {}
}

function readLine(line: string, direction: Direction): MemcachedRecord | undefined {
  if (direction === 'to-server') {
    const command = COMMAND.exec(line)?.[1];
    return command === undefined ? undefined : { protocol: 'memcached', activity: 'command', command, version: '' };
  }
  const [, version] = /^(?:VERSION|STAT version) ([\w.-]{1,32})/.exec(line) ?? [];
  if (version === undefined) return undefined;
  return { protocol: 'memcached', activity: 'server-information', command: '', version: cleanText(version) };
}

function detectMemcached({ transport, toServer, toClient, serverPort, clientPort }: DetectionSample): Detection {
  const skip = transport === 'udp' ? UDP_HEADER_BYTES : 0;
  const isAtHome = serverPort === PORT || clientPort === PORT;
  // Over UDP the header proves little, and what it carries is short: the port has to agree.
  if (transport === 'udp' && (!isAtHome || word16(toServer.length > 0 ? toServer : toClient, 6) !== 0)) return 'reject';
  const line = (bytes: Uint8Array) => latin1(bytes, skip).split('\n', 1)[0] ?? '';
  const isCommand = toServer.length > skip && COMMAND.test(line(toServer));
  const isAnswer = toClient.length > skip && ANSWER.test(latin1(toClient, skip));
  if (toServer.length > skip && !isCommand) return 'reject';
  if (toClient.length > skip && !isAnswer) return 'reject';
  if (isAtHome || (isCommand && isAnswer)) return isCommand || isAnswer ? 'match' : 'undecided';
  return transport === 'udp' ? 'reject' : 'undecided';
}

export const memcached: Protocol<MemcachedRecord> = {
  id: 'memcached',
  title: 'Memcached',
  standards: ['memcached protocol.txt (text protocol, UDP)'],
  transports: ['tcp', 'udp'],
  usualPorts: [PORT],
  isEncrypted: false,
  isClinical: false,
  detect: detectMemcached,
  createStreamParser: (context) => new MemcachedParser(context),
  parseDatagram: (payload, direction, context) => {
    const [line = ''] = latin1(payload, UDP_HEADER_BYTES, UDP_HEADER_BYTES + 512).split('\n', 1);
    const record = readLine(line.replace(/\r$/, ''), direction);
    if (record !== undefined) context.emit(record, direction);
  },
  evidence: ({ version }) => draft('memcached.version', version, 'server'),
};
