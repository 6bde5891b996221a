import type { DecoyContext } from '../../decoys/decoy-context.ts';
import type { Machine } from '../../decoys/machine.ts';
import type { Peer } from '../conversation.ts';
import { GrowingBytes } from '../growing-bytes.ts';
import { Shell } from '../shell/shell.ts';
import { Terminal } from '../shell/terminal.ts';
import type { SshReader } from './binary.ts';
import { ScpSink } from './scp-sink.ts';

const MAXIMUM_DATA = 16 * 1024;
const MAXIMUM_WAITING = 512 * 1024;
const MAXIMUM_INPUT = 4 * 1024 * 1024;
/** Commands that read what is sent along with them. */
const READS_INPUT = /\bcat\s*(-\s*)?>|\btee\b|\bdd\b(?!.*\bif=)|base64\s+-d|\b(ba)?sh\s*(-s)?\s*$/;
/** Somebody who runs a command and sends nothing along never closes the input. */
const INPUT_PATIENCE_MS = 3000;

export interface ChannelParts {
  readonly machine: Machine;
  readonly context: DecoyContext;
  readonly peer: Peer;
  readonly user: string;
  /** Bytes that the other side takes before it widens the window (RFC 4254 §5.2). */
  readonly window: number;
  readonly data: (bytes: Buffer) => void;
  readonly finish: (status: number) => void;
  readonly reply: (isDone: boolean) => void;
  readonly consumed: (bytes: number) => void;
}

/** A session channel: a shell, one command, or a file that is copied here (RFC 4254 §6). */
export class SessionChannel {
  readonly #parts: ChannelParts;
  readonly #shell: Shell;
  #window: number;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #hasTerminal = false;
  /** What begins once the request was answered. */
  #start: (() => void) | undefined;
  #taker: ((bytes: Buffer) => void) | undefined;
  #inputEnd: (() => void) | undefined;
  #finishStatus: number | undefined;
  #isOver = false;

  constructor(parts: ChannelParts) {
    this.#parts = parts;
    this.#window = parts.window;
    this.#shell = new Shell(parts.machine, parts.context, parts.peer, parts.user);
  }

  request(name: string, wantsReply: boolean, reader: SshReader): void {
    const isDone = this.#isOver ? false : this.#serve(name, reader);
    if (wantsReply) this.#parts.reply(isDone);
    const start = this.#start;
    this.#start = undefined;
    start?.();
  }

  take(bytes: Buffer): void {
    this.#parts.consumed(bytes.length);
    this.#parts.peer.reveal(bytes.toString('latin1'));
    this.#taker?.(bytes);
  }

  widen(bytes: number): void {
    this.#window = Math.min(this.#window + bytes, 0xffff_ffff);
    this.#flush();
  }

  finishInput(): void {
    this.#inputEnd?.();
    this.#inputEnd = undefined;
  }

  leave(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#shell.leave();
  }

  #serve(name: string, reader: SshReader): boolean {
    if (name === 'pty-req') {
      this.#hasTerminal = true;
      return true;
    }
    if (name === 'env') {
      this.#shell.environment.set(reader.text(64), reader.text(1000));
      return true;
    }
    if (name === 'shell' && this.#taker === undefined) {
      this.#start = () => this.#openShell();
      this.#taker = () => undefined;
      return true;
    }
    if (name === 'exec' && this.#taker === undefined) {
      const command = reader.text(32_768);
      this.#start = () => this.#execute(command);
      this.#taker = () => undefined;
      return true;
    }
    if (name === 'subsystem') this.#parts.peer.note('request', `asked for the subsystem ${reader.text(100)}`);
    return name === 'window-change' || name === 'signal';
  }

  #openShell(): void {
    const terminal = new Terminal(
      this.#shell,
      this.#parts.peer,
      this.#hasTerminal,
      (text) => this.#write(text),
      (status) => this.#finish(status),
    );
    this.#taker = (bytes) => terminal.type(bytes);
    this.#inputEnd = () => terminal.finish();
    if (this.#hasTerminal) terminal.greet();
  }

  #execute(command: string): void {
    const { peer } = this.#parts;
    const sink = /^\s*(?:\/usr\/bin\/)?scp\s+(?:-\w+\s+)*-\w*t\w*\s*(.*)$/.exec(command);
    if (sink !== null) {
      peer.note('command', command.slice(0, 1500));
      const scp = new ScpSink(peer, (text) => this.#write(text));
      this.#taker = (bytes) => scp.take(bytes);
      this.#inputEnd = () => this.#finish(0);
      scp.open();
      return;
    }
    const input = new GrowingBytes(MAXIMUM_INPUT);
    let hasRun = false;
    const run = () => {
      if (hasRun) return;
      hasRun = true;
      peer.note('command', command.slice(0, 1500));
      const output = this.#shell.execute(command, input.take().toString('latin1'));
      peer.frame('i', `${command}\n`);
      peer.frame('o', output);
      this.#write(output);
      this.#finish(this.#shell.status);
    };
    if (!READS_INPUT.test(command)) {
      run();
      return;
    }
    this.#taker = (bytes) => input.add(bytes);
    this.#inputEnd = run;
    peer.later(INPUT_PATIENCE_MS, () => input.length === 0 && run());
  }

  #write(text: string): void {
    const bytes = Buffer.from(text, 'latin1');
    for (let at = 0; at < bytes.length; at += MAXIMUM_DATA) {
      if (this.#waitingBytes > MAXIMUM_WAITING) return;
      const piece = bytes.subarray(at, at + MAXIMUM_DATA);
      this.#waiting.push(piece);
      this.#waitingBytes += piece.length;
    }
    this.#flush();
  }

  #flush(): void {
    for (let [next] = this.#waiting; next !== undefined && this.#window > 0; [next] = this.#waiting) {
      const piece = next.subarray(0, this.#window);
      this.#parts.data(piece);
      this.#window -= piece.length;
      this.#waitingBytes -= piece.length;
      if (piece.length === next.length) this.#waiting.shift();
      else this.#waiting[0] = next.subarray(piece.length);
    }
    if (this.#finishStatus !== undefined && this.#waiting.length === 0) {
      const status = this.#finishStatus;
      this.#finishStatus = undefined;
      this.#parts.finish(status);
    }
  }

  #finish(status: number): void {
    if (this.#isOver) return;
    this.leave();
    this.#finishStatus = status;
    this.#flush();
  }
}
