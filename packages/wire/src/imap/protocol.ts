import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { type MailRecord, type MailSession, MailSessionParser } from '../mail-session.ts';
import type { Detection, DetectionSample, EvidenceDraft, ParserContext, Protocol } from '../protocol.ts';
import { LiteralMail } from './literal-mail.ts';

export interface ImapRecord extends MailRecord {
  readonly protocol: 'imap';
}

const NOTABLE = /^(?:STARTTLS|LOGINDISABLED|AUTH=[A-Z0-9-]{2,30})$/i;

/** Greeting, capabilities, and the login without its names (RFC 9051 §6.1, §6.2, §7.1). Text of mail is never taken. */
class ImapSession implements MailSession {
  readonly #context: ParserContext<ImapRecord>;
  #hasGreeted = false;
  #command = { tag: '', name: '', method: '' };
  readonly mail: { readonly 'to-server': LiteralMail; readonly 'to-client': LiteralMail } | undefined;

  constructor(context: ParserContext<ImapRecord>) {
    this.#context = context;
    const { files } = context;
    this.mail =
      files === undefined
        ? undefined
        : { 'to-server': new LiteralMail('to-server', files), 'to-client': new LiteralMail('to-client', files) };
  }

  clientLine(line: string): boolean {
    this.mail?.['to-server'].line(line);
    const [, tag = '', name = '', argument = ''] =
      /^([A-Za-z0-9.]{1,32}) (STARTTLS|LOGIN|AUTHENTICATE|COMPRESS)\b ?([A-Z0-9-]{0,30})/i.exec(line) ?? [];
    if (tag === '') return true;
    const command = name.toUpperCase();
    const method =
      command === 'LOGIN' ? 'clear-text' : argument.toUpperCase() === 'PLAIN' ? 'clear-text' : argument.toUpperCase();
    this.#command = { tag, name: command, method };
    return true;
  }

  serverLine(line: string): boolean {
    this.mail?.['to-client'].line(line);
    if (!this.#hasGreeted && /^\* (?:OK|PREAUTH|BYE)\b/i.test(line)) {
      this.#hasGreeted = true;
      this.#emit('greeting', line.replace(/^\* \w+ (?:\[[^\]]*\] ?)?/, ''));
    }
    const [, capabilities = ''] = /^\* (?:OK \[)?CAPABILITY ([^\]]*)/i.exec(line) ?? [];
    for (const one of capabilities.split(' ')) if (NOTABLE.test(one)) this.#emit('capability', one.toUpperCase());
    const { tag, name, method } = this.#command;
    if (tag === '' || !line.startsWith(`${tag} `)) return true;
    const isGood = /^ OK\b/i.test(line.slice(tag.length));
    this.#command = { tag: '', name: '', method: '' };
    if (name === 'STARTTLS') {
      if (!isGood) return true;
      this.#emit('starttls', '');
      this.#context.handOver('tls');
      return false;
    }
    // What follows is deflated (RFC 4978).
    if (name === 'COMPRESS') return !isGood;
    this.#emit(isGood ? 'login' : 'login-refused', '', method);
    return !isGood || this.mail !== undefined;
  }

  #emit(activity: ImapRecord['activity'], text: string, method = ''): void {
    this.#context.emit({ protocol: 'imap', activity, text: cleanText(text), method }, 'to-client');
  }
}

/** The server speaks first (§7.1). */
function detectImap({ toServer, toClient }: DetectionSample): Detection {
  if (toClient.length === 0) return toServer.length === 0 ? 'undecided' : 'reject';
  const greeting = latin1(toClient, 0, 12);
  if (/^\* (?:OK|PREAUTH|BYE)[ \r]/i.test(greeting)) return 'match';
  return '* OK '.startsWith(greeting.toUpperCase()) ? 'undecided' : 'reject';
}

export const imap: Protocol<ImapRecord> = {
  id: 'imap',
  title: 'IMAP',
  standards: ['RFC 9051 §6.1, §6.2, §7.1', 'RFC 3501', 'RFC 8314 (TLS)'],
  transports: ['tcp'],
  usualPorts: [143],
  isEncrypted: false,
  isClinical: false,
  firstBytes: [0x2a],
  detect: detectImap,
  createStreamParser: (context) => new MailSessionParser(new ImapSession(context)),
  evidence: ({ activity, text, method }): readonly EvidenceDraft[] => {
    switch (activity) {
      case 'greeting':
        return draft('imap.banner', text, 'server');
      case 'capability':
        return draft('imap.capability', text, 'server');
      case 'login':
        return method === 'clear-text' ? draft('imap.clear-text-login', 'true', 'server') : [];
      case 'login-refused':
      case 'starttls':
        return [];
      default:
        return activity satisfies never;
    }
  },
};
