import { copyOf } from '../bytes/allocate.ts';
import type { FileEnding, FileSink, FileTransfer } from './types.ts';

/** Bytes of one file that wait for earlier ones: several reads of the largest size are under way at a time (MS-SMB2 §3.2.4.6). */
const MAXIMUM_WAITING_BYTES = 8 * 1024 * 1024;
const MAXIMUM_WAITING_RUNS = 64;

/** Adjoining pieces that wait. */
interface Run {
  readonly offset: number;
  length: number;
  readonly pieces: Uint8Array[];
}

/** Puts the pieces of a file in order that are read or written at places of their own. What comes again changes nothing. */
export class PlacedFile {
  readonly #file: FileTransfer;
  readonly #sink: FileSink;
  #next = 0;
  #waiting: Run[] = [];
  #waitingBytes = 0;

  constructor(file: FileTransfer, sink: FileSink) {
    this.#file = file;
    this.#sink = sink;
  }

  place(offset: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (offset > this.#next) {
      this.#wait(offset, bytes);
      return;
    }
    const fresh = bytes.subarray(this.#next - offset);
    if (fresh.length === 0) return;
    this.#next += fresh.length;
    this.#file.write(fresh);
    this.#deliver();
  }

  /** @param totalBytes of the file, where they are known: it is whole when all of them came */
  end(ending: FileEnding, totalBytes?: number): void {
    while (this.#waiting.length > 0) this.#giveUp();
    const isShort = totalBytes !== undefined && this.#next < totalBytes;
    if (isShort) this.#file.gap(totalBytes - this.#next);
    this.#file.end(isShort ? false : ending);
  }

  #wait(offset: number, bytes: Uint8Array): void {
    const mayWait = this.#waitingBytes + bytes.length <= MAXIMUM_WAITING_BYTES && this.#sink.hold(bytes.length);
    if (!mayWait) {
      // What was missing is given up; this piece may follow now.
      if (this.#waiting.length === 0) this.#skipTo(offset);
      else this.#giveUp();
      if (offset <= this.#next) this.place(offset, bytes);
      return;
    }
    this.#waitingBytes += bytes.length;
    const adjoining = this.#waiting.find((run) => run.offset + run.length === offset);
    if (adjoining !== undefined) {
      adjoining.pieces.push(copyOf(bytes));
      adjoining.length += bytes.length;
      return;
    }
    this.#waiting.push({ offset, length: bytes.length, pieces: [copyOf(bytes)] });
    this.#waiting.sort((left, right) => left.offset - right.offset);
    if (this.#waiting.length > MAXIMUM_WAITING_RUNS) this.#giveUp();
  }

  #giveUp(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#skipTo(first.offset);
    this.#deliver();
  }

  #skipTo(offset: number): void {
    if (offset <= this.#next) return;
    this.#file.gap(offset - this.#next);
    this.#next = offset;
  }

  #deliver(): void {
    for (let first = this.#waiting[0]; first !== undefined && first.offset <= this.#next; first = this.#waiting[0]) {
      this.#waiting.shift();
      this.#waitingBytes -= first.length;
      this.#sink.release(first.length);
      let { offset } = first;
      for (const piece of first.pieces) {
        const fresh = piece.subarray(Math.max(0, this.#next - offset));
        offset += piece.length;
        this.#next += fresh.length;
        if (fresh.length > 0) this.#file.write(fresh);
      }
    }
  }
}
