import { latin1 } from './text.ts';

const LF = 10;
const MAXIMUM_LINE = 4096;

/** Cuts one direction of a text protocol into lines; longer ones are cut off at 4,096 characters. */
export class LineSplitter {
  #rest = '';

  push(bytes: Uint8Array): string[] {
    const lines: string[] = [];
    let offset = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, offset)) {
      lines.push((this.#rest + latin1(bytes, offset, end)).slice(0, MAXIMUM_LINE).replace(/\r$/, ''));
      this.#rest = '';
      offset = end + 1;
    }
    this.#rest = (this.#rest + latin1(bytes, offset)).slice(0, MAXIMUM_LINE);
    return lines;
  }

  clear(): void {
    this.#rest = '';
  }
}
