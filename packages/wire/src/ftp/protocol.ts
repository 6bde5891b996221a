import { LineSplitter } from '../bytes/line-splitter.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import type {
  Detection,
  DetectionSample,
  Direction,
  ParserContext,
  Protocol,
  StreamParser,
  StreamState,
} from '../protocol.ts';
import { FtpCommands } from './commands.ts';
import { DataConnections } from './data-connections.ts';
import type { FtpDataPort, FtpRecord, FtpServerRecord } from './types.ts';
import { commandView, replyView } from './views.ts';

const GREETING = /^220[ -]/;
/** Not preliminary, and not the begin of a reply of several lines (RFC 959 §4.2). */
const LAST_REPLY = /^[2-5]\d\d(?!-)/;
const ANONYMOUS = /^(anonymous|ftp)$/i;

/** FTP control connection (RFC 959 §4, §5.4; AUTH TLS RFC 4217). */
class FtpParser implements StreamParser {
  readonly #context: ParserContext<FtpRecord>;
  readonly #lines = { 'to-server': new LineSplitter(), 'to-client': new LineSplitter() };
  readonly #data: DataConnections;
  readonly #commands: FtpCommands;
  #lastCommand = '';
  #lastLine = '';
  /** That the last command announced. */
  #dataPort: FtpDataPort | undefined;
  #isAnonymous = false;
  #hasGreeted = false;

  constructor(context: ParserContext<FtpRecord>) {
    this.#context = context;
    this.#data = new DataConnections(context);
    this.#commands = new FtpCommands(context);
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    for (const line of this.#lines[direction].push(bytes)) {
      if (direction === 'to-server') this.#command(line);
      else if (!this.#reply(line)) return 'continue';
    }
    return 'continue';
  }

  gap(direction: Direction): StreamState {
    this.#lines[direction].clear();
    return 'continue';
  }

  end(): void {
    this.#commands.end();
  }

  #command(line: string): void {
    const [verb = '', argument = ''] = line.split(' ', 2);
    this.#lastCommand = verb.toUpperCase();
    const dataPort = this.#data.command(this.#lastCommand, line.slice(verb.length + 1));
    this.#lastLine = line;
    this.#dataPort = dataPort;
    this.#context.inspect?.('to-server', commandView(line, dataPort));
    this.#commands.command(this.#lastCommand, line.slice(verb.length + 1), dataPort, line);
    if (this.#lastCommand === 'USER') this.#isAnonymous = ANONYMOUS.test(argument);
  }

  /** @returns false when the connection goes on as TLS */
  #reply(line: string): boolean {
    const dataPort = this.#data.reply(line);
    if (this.#context.inspect !== undefined) this.#showReply(line, dataPort);
    this.#commands.reply(line, dataPort);
    if (!this.#hasGreeted && GREETING.test(line)) {
      this.#hasGreeted = true;
      this.#emit('greeting', line.slice(4));
    } else if (line.startsWith('230') && (this.#lastCommand === 'PASS' || this.#lastCommand === 'USER')) {
      this.#emit('login', '');
    } else if (line.startsWith('215')) this.#emit('system', line.slice(4));
    else if (line.startsWith('234') && this.#lastCommand === 'AUTH') {
      this.#commands.end();
      this.#context.handOver('tls');
      return false;
    }
    return true;
  }

  /** What a reply tells of the data connection belongs to its command too. */
  #showReply(line: string, dataPort: FtpDataPort | undefined): void {
    const isLast = LAST_REPLY.test(line);
    const port = dataPort ?? this.#dataPort;
    this.#context.inspect?.('to-client', replyView(line, port, isLast && this.#lastCommand !== ''));
    if (dataPort !== undefined && this.#dataPort === undefined) {
      this.#context.inspect?.('to-server', { ...commandView(this.#lastLine, dataPort), isContinuation: true });
    }
    if (isLast) this.#dataPort = undefined;
  }

  #emit(activity: FtpServerRecord['activity'], text: string): void {
    const record = { protocol: 'ftp', activity, text: cleanText(text), isAnonymous: this.#isAnonymous } as const;
    this.#context.emit(record, 'to-client');
  }
}

export const ftp: Protocol<FtpRecord> = {
  id: 'ftp',
  title: 'FTP',
  standards: ['RFC 959', 'RFC 2428', 'RFC 4217'],
  transports: ['tcp'],
  usualPorts: [21, 2121],
  isEncrypted: false,
  isClinical: false,
  detect: detectFtp,
  createStreamParser: (context) => new FtpParser(context),
  evidence: (record) => {
    switch (record.activity) {
      case 'greeting':
        return draft('ftp.banner', record.text, 'server');
      case 'system':
        return draft('ftp.system', record.text, 'server');
      case 'login':
        return draft(record.isAnonymous ? 'ftp.anonymous' : 'ftp.clear-text-login', 'true', 'server');
      case 'command':
        return [];
      default:
        return record satisfies never;
    }
  },
};

/** SMTP greets with 220 too: FTP is what says so, or what the client then talks to with USER, AUTH or FEAT. */
function detectFtp({ toServer, toClient, serverPort }: DetectionSample): Detection {
  if (toClient.length === 0) return toServer.length === 0 ? 'undecided' : 'reject';
  const greeting = latin1(toClient, 0, 200);
  if (!'220'.startsWith(greeting.slice(0, 3)) || (greeting.length > 3 && !GREETING.test(greeting))) return 'reject';
  if (/ftp/i.test(greeting) && greeting.length > 4) return 'match';
  if (/^(USER|AUTH|FEAT|SYST|OPTS)\b/i.test(latin1(toServer, 0, 16))) return 'match';
  if (toServer.length > 4) return 'reject';
  return /smtp|mail/i.test(greeting) && serverPort !== 21 ? 'reject' : 'undecided';
}
