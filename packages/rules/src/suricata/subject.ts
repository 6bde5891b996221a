import type { Transform } from './conditions.ts';
import { lowerCase } from './content-pattern.ts';

/** Bytes that rules look at, with the forms that conditions ask for again and again. */
export class Subject {
  readonly bytes: Buffer;
  #lower: Buffer | undefined;
  #text: string | undefined;
  #transformed: Map<string, Subject | undefined> | undefined;
  /** Where these bytes begin in their stream. */
  readonly streamOffset: number;

  constructor(bytes: Uint8Array, streamOffset = 0) {
    this.bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.streamOffset = streamOffset;
  }

  get length(): number {
    return this.bytes.length;
  }

  get lower(): Buffer {
    this.#lower ??= lowerCase(this.bytes);
    return this.#lower;
  }

  get text(): string {
    this.#text ??= this.bytes.toString('latin1');
    return this.#text;
  }

  /** @returns what a transformation makes of it, once for all who ask; `undefined` where nothing is left to look at */
  transformed(transform: Transform): Subject | undefined {
    this.#transformed ??= new Map();
    const known = this.#transformed.get(transform.key);
    if (known !== undefined || this.#transformed.has(transform.key)) return known;
    const bytes = transform.apply(this.bytes);
    const subject = bytes === undefined ? undefined : new Subject(bytes);
    this.#transformed.set(transform.key, subject);
    return subject;
  }
}
