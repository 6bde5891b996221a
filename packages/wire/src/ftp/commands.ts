import { MAXIMUM_LINE } from '../bytes/line-splitter.ts';
import type { Outcome } from '../pairing-reader.ts';
import type { ParserContext } from '../protocol.ts';
import type { FtpDataPort, FtpDetail, FtpRecord } from './types.ts';

/** RFC 959 §4.1, RFC 2228 §3, RFC 2389, RFC 2428, RFC 3659, RFC 7151. */
const COMMANDS: ReadonlySet<string> = new Set(
  (
    'USER PASS ACCT CWD CDUP SMNT QUIT REIN PORT PASV TYPE STRU MODE RETR STOR STOU APPE ALLO REST RNFR RNTO ABOR DELE RMD MKD ' +
    'PWD LIST NLST SITE SYST STAT HELP NOOP XCUP XCWD XMKD XPWD XRMD AUTH ADAT PROT PBSZ CCC MIC CONF ENC FEAT OPTS EPRT EPSV ' +
    'LANG MDTM MLSD MLST SIZE HOST'
  ).split(' '),
);
const MAXIMUM_WAITING = 64;
const MAXIMUM_REPLIES = 64;
const FIRST_REFUSAL = 400;

interface Asked {
  readonly command: string | undefined;
  readonly argument: string;
  readonly askedMicros: number | undefined;
  readonly replies: { code: string; text: string }[];
  dataPort: FtpDataPort | undefined;
  readonly isCommandTruncated: boolean;
  isReplyTruncated: boolean;
}

/** Tells commands with their replies: a command is over with the first reply that is not preliminary (RFC 959 §4.2). */
export class FtpCommands {
  readonly #context: ParserContext<FtpRecord>;
  readonly #waiting: Asked[] = [];

  constructor(context: ParserContext<FtpRecord>) {
    this.#context = context;
  }

  /** @param command in capitals. @param dataPort that it announces. @param line as it came */
  command(command: string, argument: string, dataPort: FtpDataPort | undefined, line: string): void {
    if (this.#waiting.length >= MAXIMUM_WAITING) this.#end(this.#waiting.shift(), 'unanswered', '');
    this.#waiting.push(this.#asked(command, argument, dataPort, line.length >= MAXIMUM_LINE));
  }

  /** @param dataPort that it announces */
  reply(line: string, dataPort: FtpDataPort | undefined): void {
    const [asked = this.#asked(undefined, '', undefined, false)] = this.#waiting;
    const [, code = '', sign = '', text = line] = /^(\d{3})([ -]?)(.*)$/.exec(line) ?? [];
    if (this.#waiting.length === 0) this.#waiting.push(asked);
    if (asked.replies.length < MAXIMUM_REPLIES) asked.replies.push({ code, text });
    asked.dataPort ??= dataPort;
    asked.isReplyTruncated ||= line.length >= MAXIMUM_LINE;
    const isLast = code !== '' && sign !== '-' && !code.startsWith('1');
    if (isLast) this.#end(this.#waiting.shift(), Number(code) >= FIRST_REFUSAL ? 'failure' : 'success', code);
  }

  /** Nothing more will come. */
  end(): void {
    for (const asked of this.#waiting.splice(0)) this.#end(asked, 'unanswered', '');
  }

  #asked(
    command: string | undefined,
    argument: string,
    dataPort: FtpDataPort | undefined,
    isTruncated: boolean,
  ): Asked {
    return {
      command,
      argument,
      askedMicros: this.#context.timeMicros?.(),
      replies: [],
      dataPort,
      isCommandTruncated: isTruncated,
      isReplyTruncated: false,
    };
  }

  #end(asked: Asked | undefined, outcome: Outcome, code: string): void {
    if (asked === undefined) return;
    const { command, askedMicros, ...told } = asked;
    const isAnswered = outcome !== 'unanswered';
    const now = this.#context.timeMicros?.();
    if (command !== undefined) {
      const record: FtpRecord = {
        protocol: 'ftp',
        activity: 'command',
        command: COMMANDS.has(command) ? command : 'other',
        replyCode: Number(code),
        outcome,
        durationMs:
          isAnswered && now !== undefined && askedMicros !== undefined ? (now - askedMicros) / 1000 : undefined,
      };
      this.#context.emit(record, isAnswered ? 'to-client' : 'to-server');
    }
    if (this.#context.detail === undefined) return;
    const detail: FtpDetail = { protocol: 'ftp', command, ...told, isAnswered };
    this.#context.detail('to-server', detail);
  }
}
