import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { type MailSession, MailSessionParser } from '../mail-session.ts';
import type { Detection, DetectionSample, EvidenceDraft, ParserContext, Protocol } from '../protocol.ts';
import { Pop3Exchanges } from './exchanges.ts';
import { RetrievedMail } from './retrieved-mail.ts';
import type { Pop3Record } from './types.ts';

const COMMAND = /^(?:USER|PASS|APOP|AUTH|CAPA|STLS|QUIT|STAT|LIST|UIDL|RETR|NOOP|DELE|TOP)\b/i;
const NOTABLE = /^(?:STLS|SASL [A-Z0-9 -]{2,60}|IMPLEMENTATION .{1,100})$/i;

/** Greeting, capabilities, and the login without its names (RFC 1939 §4, §7; RFC 2449; RFC 2595). Text of mail is never taken. */
class Pop3Session implements MailSession {
  readonly #context: ParserContext<Pop3Record>;
  #hasGreeted = false;
  #command = '';
  #method = '';
  #isListing = false;
  readonly #retrieved: RetrievedMail | undefined;
  readonly mail: MailSession['mail'];
  readonly #exchanges: Pop3Exchanges | undefined;

  constructor(context: ParserContext<Pop3Record>) {
    this.#context = context;
    this.#retrieved = context.files === undefined ? undefined : new RetrievedMail(context.files);
    const { detail } = context;
    const readsMail = context.files !== undefined;
    this.#exchanges = detail === undefined ? undefined : new Pop3Exchanges(detail.bind(context), readsMail);
    this.mail = this.#retrieved === undefined ? undefined : { 'to-client': this.#retrieved };
  }

  clientLine(line: string): boolean {
    this.#exchanges?.clientLine(line);
    const [, name = '', argument = ''] = /^([A-Z]{3,4})\b ?([A-Z0-9-]{0,30})/i.exec(line) ?? [];
    // What follows an AUTH are answers to challenges.
    if (this.#command === 'AUTH' && !COMMAND.test(line)) return true;
    this.#command = name.toUpperCase();
    this.#retrieved?.command(this.#command);
    this.#method = this.#command === 'PASS' ? 'clear-text' : this.#command === 'APOP' ? 'challenge' : '';
    if (this.#command === 'AUTH')
      this.#method = /^(?:PLAIN|LOGIN)$/i.test(argument) ? 'clear-text' : argument.toUpperCase();
    return true;
  }

  end(): void {
    this.#exchanges?.end();
  }

  serverLine(line: string): boolean {
    this.#exchanges?.serverLine(line);
    const isGood = line.startsWith('+OK');
    if (!this.#hasGreeted) {
      this.#hasGreeted = true;
      if (isGood)
        this.#emit(
          'greeting',
          line
            .slice(4)
            .replace(/<[^>]*>/, '')
            .trim(),
        );
      return isGood;
    }
    if (this.#isListing) {
      if (NOTABLE.test(line)) this.#emit('capability', line.toUpperCase().startsWith('STLS') ? 'STLS' : line);
      this.#isListing = line !== '.';
      return true;
    }
    const isAnswer = isGood || line.startsWith('-ERR');
    if (!isAnswer) return true;
    return this.#answer(isGood);
  }

  #answer(isGood: boolean): boolean {
    this.#retrieved?.answer(isGood);
    const command = this.#command;
    this.#command = '';
    this.#isListing = command === 'CAPA' && isGood;
    if (command === 'STLS' && isGood) {
      this.#emit('starttls', '');
      this.#context.handOver('tls');
      return false;
    }
    if (this.#method === '') return true;
    this.#emit(isGood ? 'login' : 'login-refused', '', this.#method);
    this.#method = '';
    return !isGood || this.#retrieved !== undefined || this.#exchanges !== undefined;
  }

  #emit(activity: Pop3Record['activity'], text: string, method = ''): void {
    this.#context.emit({ protocol: 'pop3', activity, text: cleanText(text), method }, 'to-client');
  }
}

/** The server speaks first; a client's command or the usual port has to agree. */
function detectPop3({ toServer, toClient, serverPort }: DetectionSample): Detection {
  if (toClient.length === 0)
    return toServer.length === 0 || COMMAND.test(latin1(toServer, 0, 5)) ? 'undecided' : 'reject';
  const greeting = latin1(toClient, 0, 3);
  if (greeting !== '+OK') return '+OK'.startsWith(greeting) ? 'undecided' : 'reject';
  if (serverPort === 110 || COMMAND.test(latin1(toServer, 0, 5))) return 'match';
  return toServer.length < 4 ? 'undecided' : 'reject';
}

export const pop3: Protocol<Pop3Record> = {
  id: 'pop3',
  title: 'POP3',
  standards: ['RFC 1939 §4, §5, §7', 'RFC 2449 (capabilities)', 'RFC 2595 (STLS)'],
  transports: ['tcp'],
  usualPorts: [110],
  isEncrypted: false,
  isClinical: false,
  detect: detectPop3,
  createStreamParser: (context) => new MailSessionParser(new Pop3Session(context)),
  evidence: ({ activity, text, method }): readonly EvidenceDraft[] => {
    switch (activity) {
      case 'greeting':
        return draft('pop3.banner', text, 'server');
      case 'capability':
        return draft('pop3.capability', text, 'server');
      case 'login':
        return method === 'clear-text' ? draft('pop3.clear-text-login', 'true', 'server') : [];
      case 'login-refused':
      case 'starttls':
        return [];
      default:
        return activity satisfies never;
    }
  },
};
