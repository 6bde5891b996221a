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
import { MailStream } from './mail-stream.ts';

export interface SmtpRecord extends ProtocolRecord {
  readonly protocol: 'smtp';
  readonly activity: 'greeting' | 'starttls-offered' | 'clear-text-login';
  readonly text: string;
}

const LF = 10;

/**
 * SMTP up to the first message (RFC 5321 §3, §4; STARTTLS RFC 3207; AUTH RFC 4954). Addresses are never taken. Where somebody
 * looks at files, attachments are followed to the end.
 */
class SmtpParser implements StreamParser {
  readonly #context: ParserContext<SmtpRecord>;
  readonly #lines = { 'to-server': new LineSplitter(), 'to-client': new LineSplitter() };
  #lastCommand = '';
  readonly #mail: MailStream | undefined;
  #hasGreeted = false;
  #hasMail = false;

  constructor(context: ParserContext<SmtpRecord>) {
    this.#context = context;
    this.#mail = context.files === undefined ? undefined : new MailStream(context.files);
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    if (direction === 'to-server') return this.#fromClient(bytes);
    for (const line of this.#lines['to-client'].push(bytes)) this.#reply(line);
    return 'continue';
  }

  gap(direction: Direction, length: number): StreamState {
    this.#lines[direction].clear();
    if (direction === 'to-server') this.#mail?.gap(length);
    return 'continue';
  }

  end(): void {
    this.#mail?.end();
  }

  #fromClient(bytes: Uint8Array): StreamState {
    for (let offset = 0; offset < bytes.length; ) {
      if (this.#mail?.isOpen === true) {
        offset += this.#mail.push(bytes.subarray(offset));
        continue;
      }
      const end = bytes.indexOf(LF, offset);
      const stop = end < 0 ? bytes.length : end + 1;
      for (const line of this.#lines['to-server'].push(bytes.subarray(offset, stop))) {
        if (!this.#command(line)) return 'finished';
      }
      offset = stop;
    }
    return 'continue';
  }

  /** @returns false where what follows is mail that nobody looks at */
  #command(line: string): boolean {
    const [command = ''] = line.split(' ', 1);
    this.#lastCommand = command.toUpperCase();
    const isChunk = this.#lastCommand === 'BDAT';
    if (this.#lastCommand !== 'DATA' && !isChunk) return true;
    this.#hasMail = true;
    if (isChunk) this.#mail?.beginChunk(line.slice(command.length));
    else this.#mail?.beginData();
    return this.#mail !== undefined;
  }

  #reply(line: string): void {
    if (this.#hasMail) {
      if (this.#lastCommand === 'DATA' && /^[45]\d\d /.test(line)) this.#mail?.refuse();
      return;
    }
    if (!this.#hasGreeted && line.startsWith('220')) {
      this.#hasGreeted = true;
      this.#emit('greeting', line.slice(4));
    } else if (/^250[ -]STARTTLS/i.test(line)) this.#emit('starttls-offered', '');
    else if (line.startsWith('235')) this.#emit('clear-text-login', '');
    else if (line.startsWith('220') && this.#lastCommand === 'STARTTLS') this.#context.handOver('tls');
  }

  #emit(activity: SmtpRecord['activity'], text: string): void {
    this.#context.emit({ protocol: 'smtp', activity, text: cleanText(text) }, 'to-client');
  }
}

export const smtp: Protocol<SmtpRecord> = {
  id: 'smtp',
  title: 'SMTP',
  standards: ['RFC 5321', 'RFC 3207', 'RFC 4954'],
  transports: ['tcp'],
  usualPorts: [25, 587, 2525],
  isEncrypted: false,
  isClinical: false,
  detect: detectSmtp,
  createStreamParser: (context) => new SmtpParser(context),
  evidence: (record) => {
    switch (record.activity) {
      case 'greeting':
        return draft('smtp.banner', record.text, 'server');
      case 'starttls-offered':
        return draft('smtp.starttls', 'true', 'server');
      case 'clear-text-login':
        return draft('smtp.clear-text-login', 'true', 'server');
      default:
        return record.activity satisfies never;
    }
  },
};

function detectSmtp({ toServer, toClient }: DetectionSample): Detection {
  if (toClient.length === 0) return toServer.length === 0 ? 'undecided' : 'reject';
  const greeting = latin1(toClient, 0, 200);
  if (!/^220[ -]/.test(greeting)) return greeting.length < 4 && '220 '.startsWith(greeting) ? 'undecided' : 'reject';
  if (/\b(E?SMTP)\b/i.test(greeting) || /^(EHLO|HELO|LHLO)\b/i.test(latin1(toServer, 0, 8))) return 'match';
  return toServer.length > 4 ? 'reject' : 'undecided';
}
