import type { Peer } from '../conversation.ts';
import type { Shell } from './shell.ts';

const MAXIMUM_LINE = 8192;
const CTRL_C = 3;
const CTRL_D = 4;
const BACKSPACE = new Set([8, 127]);
const ESCAPE = 27;

/** A terminal in front of a shell: echo, line editing, prompt (as termios in canonical mode does it). */
export class Terminal {
  readonly #shell: Shell;
  readonly #peer: Peer;
  readonly #write: (text: string) => void;
  readonly #close: (status: number) => void;
  readonly #hasEcho: boolean;
  #line = '';
  #escape = '';
  #wasReturn = false;

  /**
   * @param hasEcho a person sits at it; without it what is typed is a script
   * @param write sends what is shown
   * @param close the shell was left, with its status
   */
  constructor(
    shell: Shell,
    peer: Peer,
    hasEcho: boolean,
    write: (text: string) => void,
    close: (status: number) => void,
  ) {
    this.#shell = shell;
    this.#peer = peer;
    this.#hasEcho = hasEcho;
    this.#write = write;
    this.#close = close;
  }

  greet(): void {
    const { motd } = this.#shell.machine;
    if (motd !== '') this.#show(`${motd.replaceAll('{host}', this.#shell.hostName).trimEnd()}\n`);
    this.#prompt();
  }

  type(bytes: Uint8Array): void {
    this.#peer.frame('i', Buffer.from(bytes).toString('latin1'));
    for (const byte of bytes) {
      if (this.#shell.hasExited) return;
      this.#key(byte);
    }
  }

  /** The other side types no more. */
  finish(): void {
    if (this.#line !== '') this.#enter();
    this.#leave();
  }

  #key(byte: number): void {
    const wasReturn = this.#wasReturn;
    this.#wasReturn = byte === 13;
    if (this.#escape !== '' || byte === ESCAPE) this.#skipEscape(byte);
    else if (byte === 13 || byte === 10) {
      if (byte === 10 && wasReturn) return;
      this.#enter();
    } else if (byte === CTRL_C) {
      this.#line = '';
      this.#show('^C\n');
      this.#prompt();
    } else if (byte === CTRL_D) {
      if (this.#line === '') this.#leave();
    } else if (BACKSPACE.has(byte)) {
      if (this.#line !== '' && this.#hasEcho) this.#show('\b \b');
      this.#line = this.#line.slice(0, -1);
    } else if (byte >= 32 && this.#line.length < MAXIMUM_LINE) {
      this.#line += String.fromCharCode(byte);
      if (this.#hasEcho) this.#show(String.fromCharCode(byte));
    }
  }

  /** Arrow keys and their like: ESC [ … letter (ECMA-48 §5.4). */
  #skipEscape(byte: number): void {
    this.#escape += String.fromCharCode(byte);
    const isEnd = this.#escape.length > 2 && byte >= 0x40 && byte <= 0x7e;
    const isShort = this.#escape.length === 2 && byte !== 0x5b && byte !== 0x4f;
    if (isEnd || isShort || this.#escape.length > 16) this.#escape = '';
  }

  #enter(): void {
    const line = this.#line;
    this.#line = '';
    if (this.#hasEcho) this.#show('\n');
    const output = this.#shell.run(line);
    if (output !== '') this.#show(output);
    if (this.#shell.hasExited) this.#leave();
    else this.#prompt();
  }

  #leave(): void {
    this.#shell.hasExited = true;
    this.#close(this.#shell.status);
  }

  #prompt(): void {
    if (this.#hasEcho) this.#show(this.#shell.prompt);
  }

  #show(text: string): void {
    const shown = this.#hasEcho ? text.replace(/\r?\n/g, '\r\n') : text;
    this.#peer.frame('o', shown);
    this.#write(shown);
  }
}
