import type { Peer } from '../conversation.ts';
import { GrowingBytes } from '../growing-bytes.ts';

// The receiving end of the old copy protocol of rcp and scp: lines `C<mode> <size> <name>`, each answered by a zero byte.

const OK = '\0';
const MAXIMUM_LINE = 4096;
const MAXIMUM_FILE_BYTES = 16 * 1024 * 1024;

interface IncomingFile {
  readonly name: string;
  remaining: number;
  readonly content: GrowingBytes;
}

/** Takes files that somebody copies here with `scp -t`. */
export class ScpSink {
  readonly #peer: Peer;
  readonly #answer: (text: string) => void;
  #line = '';
  #file: IncomingFile | undefined;
  #isBehindFile = false;

  constructor(peer: Peer, answer: (text: string) => void) {
    this.#peer = peer;
    this.#answer = answer;
  }

  open(): void {
    this.#answer(OK);
  }

  take(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#file !== undefined) at += this.#takeContent(this.#file, bytes.subarray(at));
      else {
        this.#takeByte(bytes[at] ?? 0);
        at += 1;
      }
    }
  }

  #takeContent(file: IncomingFile, bytes: Buffer): number {
    const taken = Math.min(file.remaining, bytes.length);
    file.content.add(bytes.subarray(0, taken));
    file.remaining -= taken;
    if (file.remaining === 0) {
      this.#peer.note('upload', `copied ${file.name} here`, { bytes: file.content.total, name: file.name });
      this.#peer.sample(file.name, file.content.take());
      this.#file = undefined;
      this.#isBehindFile = true;
    }
    return taken;
  }

  #takeByte(byte: number): void {
    if (this.#isBehindFile) {
      this.#isBehindFile = false;
      this.#answer(OK);
      return;
    }
    if (byte !== 10) {
      if (this.#line.length < MAXIMUM_LINE) this.#line += String.fromCharCode(byte);
      return;
    }
    const [, size, name] = /^C[0-7]{4} (\d{1,12}) ([^/\n]{1,255})$/.exec(this.#line) ?? [];
    this.#line = '';
    if (size !== undefined && name !== undefined) {
      this.#file = { name, remaining: Number(size), content: new GrowingBytes(MAXIMUM_FILE_BYTES) };
      if (Number(size) === 0) this.#takeContent(this.#file, Buffer.alloc(0));
    }
    this.#answer(OK);
  }
}
