import { LineSplitter } from '../bytes/line-splitter.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { MailMessage } from '../files/mail-message.ts';
import type { PartSink } from '../files/multipart.ts';
import type {
  Detection,
  DetectionSample,
  Direction,
  ParserContext,
  Protocol,
  StreamParser,
  StreamState,
} from '../protocol.ts';
import { MailReader } from './mail-reader.ts';
import { MailStream } from './mail-stream.ts';
import { SmtpMails } from './mails.ts';
import type { SmtpRecord, SmtpServerRecord } from './types.ts';
import { oddView } from './views.ts';

const LF = 10;
const FIRST_REFUSAL = 400;
const GREETING = 220;
const DONE = 250;
/** RFC 5321 §4.5.3.1.4 and .5, without the end of the line. */
const MAXIMUM_LINE_BYTES = 510;
/** What waits for an answer where a message has ended. */
const MESSAGE = '.';
const MAXIMUM_WAITING = 256;
const NO_FILES = { begin: () => undefined };

/**
 * SMTP (RFC 5321 §3, §4; STARTTLS RFC 3207; AUTH RFC 4954; pipelining RFC 2920; BDAT RFC 3030). Records have no address and
 * nothing of a message. Where somebody looks at files, attachments are followed.
 */
class SmtpParser implements StreamParser {
  readonly #context: ParserContext<SmtpRecord>;
  readonly #lines = { 'to-server': new LineSplitter(), 'to-client': new LineSplitter() };
  /** Verbs of commands that were not answered. */
  readonly #waiting: string[] = [];
  readonly #mails: SmtpMails;
  readonly #stream: MailStream;
  #hasGreeted = false;
  #hasMail = false;
  /** Whether the server offered TLS, or may have where something is missing. */
  #mayHaveOfferedTls = false;

  constructor(context: ParserContext<SmtpRecord>) {
    this.#context = context;
    this.#mails = new SmtpMails(context);
    this.#stream = new MailStream(() => this.#beginMessage());
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    if (direction === 'to-server') this.#fromClient(bytes);
    else for (const line of this.#lines['to-client'].push(bytes)) this.#reply(line);
    return 'continue';
  }

  gap(direction: Direction, length: number): StreamState {
    this.#lines[direction].clear();
    if (direction === 'to-server') this.#stream.gap(length);
    else this.#mayHaveOfferedTls = true;
    return 'continue';
  }

  end(): void {
    this.#stream.end();
    this.#mails.end();
  }

  #fromClient(bytes: Uint8Array): void {
    for (let offset = 0; offset < bytes.length; ) {
      if (this.#stream.isOpen) {
        offset += this.#stream.push(bytes.subarray(offset));
        continue;
      }
      const end = bytes.indexOf(LF, offset);
      const stop = end < 0 ? bytes.length : end + 1;
      for (const line of this.#lines['to-server'].push(bytes.subarray(offset, stop))) this.#command(line);
      offset = stop;
    }
  }

  #command(line: string): void {
    const [command = ''] = line.split(' ', 1);
    const verb = command.toUpperCase();
    const argument = line.slice(command.length);
    if (line.length > MAXIMUM_LINE_BYTES) this.#odd('to-server', 'max_command_line_len_exceeded');
    this.#mails.command(verb, argument);
    if (this.#waiting.length < MAXIMUM_WAITING) this.#waiting.push(verb);
    if (verb === 'BDAT') this.#stream.beginChunk(argument);
    else if (verb === 'DATA') this.#stream.beginData();
    this.#hasMail ||= verb === 'DATA' || verb === 'BDAT';
  }

  /** @returns what takes the message that begins: its attachments as files, and what it says where a log wants it */
  #beginMessage(): PartSink {
    const { detail, inspect } = this.#context;
    // Counted for the record, whoever else looks on.
    const count = () => this.#mails.attachment();
    const reader = detail === undefined && inspect === undefined ? undefined : new MailReader(count);
    const message = new MailMessage('to-server', this.#context.files ?? NO_FILES, reader ?? { attachment: count });
    return {
      write: (bytes) => {
        this.#mails.messageBytes(bytes.length);
        message.write(bytes);
      },
      gap: (length) => {
        reader?.gap();
        message.gap(length);
      },
      end: (isWhole) => {
        message.end(isWhole);
        reader?.end(isWhole === true);
        this.#mails.message(reader?.content(), isWhole === true);
        if (isWhole === true) this.#messageEnded();
      },
    };
  }

  /** The answer to a message that came in chunks is that to its last (RFC 3030 §2). */
  #messageEnded(): void {
    if (this.#waiting.at(-1) === 'BDAT') this.#waiting[this.#waiting.length - 1] = MESSAGE;
    else this.#waiting.push(MESSAGE);
  }

  #reply(line: string): void {
    if (!this.#hasMail) this.#introduction(line);
    const code = /^\d{3}(?= |$)/.exec(line)?.[0];
    if (!/^\d{3}/.test(line)) this.#odd('to-client', 'invalid_reply');
    if (line.length > MAXIMUM_LINE_BYTES) this.#odd('to-client', 'max_reply_line_len_exceeded');
    if (code !== undefined) this.#answer(Number(code));
  }

  /** Last line of an answer: to the oldest command that has none. */
  #answer(code: number): void {
    const isGreeting = !this.#hasGreeted;
    const verb = isGreeting ? undefined : this.#waiting.shift();
    this.#hasGreeted = true;
    if (isGreeting && code !== GREETING) this.#odd('to-client', 'no_server_welcome_message');
    if (verb === undefined) {
      if (!isGreeting) this.#odd('to-client', 'unable_to_match_reply_with_request');
      return;
    }
    // RFC 3207 §4: who can do TLS says so in the answer to EHLO.
    if (verb === 'EHLO' && code === DONE && !this.#mayHaveOfferedTls) this.#emit('starttls-absent', '');
    if (verb === 'STARTTLS' && code >= FIRST_REFUSAL) this.#odd('to-client', 'tls_rejected');
    if (verb === 'DATA' && code >= FIRST_REFUSAL) this.#odd('to-client', 'data_command_rejected');
    if (verb === MESSAGE) this.#mails.answered(code);
    else this.#mails.reply(verb, code);
    if (verb === 'DATA' && code >= FIRST_REFUSAL) this.#stream.refuse();
    if (verb === 'STARTTLS' && code < FIRST_REFUSAL) {
      this.#mails.end();
      this.#context.handOver('tls');
    }
  }

  #odd(direction: Direction, event: string): void {
    this.#context.inspect?.(direction, oddView(event));
  }

  #introduction(line: string): void {
    if (!this.#hasGreeted && line.startsWith('220')) this.#emit('greeting', line.slice(4));
    else if (/^250[ -]STARTTLS/i.test(line)) {
      this.#mayHaveOfferedTls = true;
      this.#emit('starttls-offered', '');
    } else if (line.startsWith('235')) this.#emit('clear-text-login', '');
  }

  #emit(activity: SmtpServerRecord['activity'], text: string): void {
    this.#context.emit({ protocol: 'smtp', activity, text: cleanText(text) }, 'to-client');
  }
}

export const smtp: Protocol<SmtpRecord> = {
  id: 'smtp',
  title: 'SMTP',
  standards: ['RFC 5321', 'RFC 2920', 'RFC 3030', 'RFC 3207', 'RFC 4954', 'RFC 5322 §3.6'],
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
      case 'starttls-absent':
        return draft('smtp.starttls', 'false', 'server');
      case 'clear-text-login':
        return draft('smtp.clear-text-login', 'true', 'server');
      case 'mail':
        return [];
      default:
        return record satisfies never;
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
