import type { ParserContext } from '../protocol.ts';
import type { Pop3Detail, Pop3Record } from './types.ts';

/** Lines of one answer that are told, and characters of a line; an answer may list thousands of messages. */
const MAXIMUM_LINES = 100;
const MAXIMUM_CHARACTERS = 512;
/** Commands that a client may send ahead (RFC 2449 §6.8). */
const MAXIMUM_WAITING = 64;
/** Whose answer has more lines when it is good (RFC 1939 §5, §7; RFC 2449 §5); LIST and UIDL when they name no message. */
const WITH_LINES = new Set(['CAPA', 'LIST', 'UIDL']);
const WITH_MAIL = new Set(['RETR', 'TOP']);
const END_OF_LINES = '.';

interface Command {
  readonly command: string;
  readonly arguments: readonly string[];
}

/** Pairs the commands of a mailbox session with their answers (RFC 1939 §3), for whoever writes a log of it. */
export class Pop3Exchanges {
  readonly #detail: NonNullable<ParserContext<Pop3Record>['detail']>;
  readonly #waiting: Command[] = [];
  #hasGreeted = false;
  /** An answer whose lines are still coming. */
  #open: { readonly asked: Command | undefined; readonly header: string; readonly lines: string[] } | undefined;

  readonly #readsMail: boolean;

  /** @param readsMail mail between the lines is taken elsewhere */
  constructor(detail: NonNullable<ParserContext<Pop3Record>['detail']>, readsMail: boolean) {
    this.#detail = detail;
    this.#readsMail = readsMail;
  }

  clientLine(line: string): void {
    const [command = '', ...rest] = line.slice(0, MAXIMUM_CHARACTERS).trimEnd().split(' ');
    if (this.#waiting.length >= MAXIMUM_WAITING) this.#waiting.shift();
    this.#waiting.push({ command: command.toUpperCase(), arguments: rest.filter((each) => each !== '') });
  }

  serverLine(line: string): void {
    const text = line.slice(0, MAXIMUM_CHARACTERS).trimEnd();
    if (this.#open !== undefined) this.#listed(text);
    else this.#status(text);
  }

  /** The connection is over: an answer is told as far as it came. */
  end(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open !== undefined) this.#tell(open.asked, true, open.header, open.lines);
  }

  #status(text: string): void {
    const isGood = text.startsWith('+OK');
    if (!isGood && !text.startsWith('-ERR')) return;
    const asked = this.#hasGreeted ? this.#waiting.shift() : undefined;
    this.#hasGreeted = true;
    const header = text.slice(isGood ? 3 : 4).trim();
    if (isGood && asked !== undefined && this.#hasLines(asked)) this.#open = { asked, header, lines: [] };
    else this.#tell(asked, isGood, header, []);
  }

  #listed(text: string): void {
    const open = this.#open;
    if (open === undefined) return;
    if (text !== END_OF_LINES) {
      if (open.lines.length < MAXIMUM_LINES) open.lines.push(text);
      return;
    }
    this.#open = undefined;
    this.#tell(open.asked, true, open.header, open.lines);
  }

  #tell(asked: Command | undefined, isGood: boolean, header: string, lines: readonly string[]): void {
    const detail: Pop3Detail = { protocol: 'pop3', asked, isGood, header, lines };
    this.#detail('to-server', detail);
  }
  #hasLines({ command, arguments: { length } }: Command): boolean {
    if (WITH_MAIL.has(command)) return !this.#readsMail;
    const isOfOne = (command === 'LIST' || command === 'UIDL') && length > 0;
    return WITH_LINES.has(command) && !isOfOne;
  }
}
