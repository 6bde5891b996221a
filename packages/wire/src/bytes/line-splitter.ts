import { latin1 } from './text.ts';

const CR = 13;
const LF = 10;
/** Characters of a line that are read. */
export const MAXIMUM_LINE = 4096;

/** Cuts one direction of a text protocol into lines; longer ones are cut off at 4,096 characters. */
export class LineSplitter {
  #rest = '';

  push(bytes: Uint8Array): string[] {
    const lines: string[] = [];
    let offset = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, offset)) {
      lines.push(this.#rest === '' ? lineAt(bytes, offset, end) : this.#endedLine(bytes, offset, end));
      offset = end + 1;
    }
    if (offset < bytes.length) this.#rest = (this.#rest + latin1(bytes, offset)).slice(0, MAXIMUM_LINE);
    return lines;
  }

  clear(): void {
    this.#rest = '';
  }

  /** A line whose beginning came before. */
  #endedLine(bytes: Uint8Array, offset: number, end: number): string {
    const line = (this.#rest + latin1(bytes, offset, end)).slice(0, MAXIMUM_LINE);
    this.#rest = '';
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }
}

function lineAt(bytes: Uint8Array, offset: number, end: number): string {
  const stop = Math.min(end, offset + MAXIMUM_LINE);
  return latin1(bytes, offset, stop > offset && bytes[stop - 1] === CR ? stop - 1 : stop);
}
