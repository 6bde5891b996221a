import { DamagedError } from './damaged-error.ts';
import { readText } from './values.ts';

/* The tree of a BinXML template, before the values of a record are put in: [MS-EVEN6] 2.2.12. */

export type BinXmlPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'substitution'; readonly index: number };

export type BinXmlNode =
  | BinXmlPart
  | {
      readonly kind: 'element';
      readonly name: string;
      readonly attributes: readonly { readonly name: string; readonly parts: readonly BinXmlPart[] }[];
      readonly children: readonly BinXmlNode[];
    }
  /** A template instance inside of other content, at these bytes of the chunk. */
  | { readonly kind: 'instance'; readonly start: number; readonly end: number };

export interface Template {
  readonly nodes: readonly BinXmlNode[];
  /** Byte of the chunk after its definition. */
  readonly end: number;
}

const MAXIMUM_DEPTH = 64;
const MORE = 0x40;
const TEMPLATE_HEADER_BYTES = 24;

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Reads trees of one chunk; each template and name once. */
export class BinXmlReader {
  readonly #chunk: Buffer;
  readonly #templates = new Map<number, Template>();
  readonly #names = new Map<number, string>();
  #at = 0;
  #end = 0;
  /** Elements of a template carry the number of a value that they depend on; those of fragments in values do not. */
  #hasDependency = true;

  constructor(chunk: Buffer) {
    this.#chunk = chunk;
  }

  /** @param offset of its definition in the chunk. @throws DamagedError */
  template(offset: number): Template {
    const known = this.#templates.get(offset);
    if (known !== undefined) return known;
    if (offset + TEMPLATE_HEADER_BYTES > this.#chunk.length) throw new DamagedError('a template is not in its chunk');
    const size = this.#chunk.readUInt32LE(offset + 20);
    const start = offset + TEMPLATE_HEADER_BYTES;
    const end = start + size;
    if (end > this.#chunk.length) throw new DamagedError('a template is longer than its chunk');
    const { nodes } = this.readNodes(start, end, false);
    const template = { nodes, end };
    this.#templates.set(offset, template);
    return template;
  }

  /**
   * @param isInValue whether the bytes are the value of a substitution
   * @returns nodes up to the end-of-fragment token, or `end`
   * @throws DamagedError
   */
  readNodes(start: number, end: number, isInValue: boolean): { readonly nodes: readonly BinXmlNode[] } {
    const before = [this.#at, this.#end, this.#hasDependency] as const;
    this.#at = start;
    this.#end = Math.min(end, this.#chunk.length);
    this.#hasDependency = !isInValue;
    try {
      return { nodes: this.#readContent(0) };
    } finally {
      [this.#at, this.#end, this.#hasDependency] = before;
    }
  }

  /** Content of an element, or of a fragment, up to what ends it. */
  #readContent(depth: number): BinXmlNode[] {
    if (depth > MAXIMUM_DEPTH) throw new DamagedError('BinXML is nested too deep');
    const nodes: BinXmlNode[] = [];
    while (this.#at < this.#end) {
      const token = this.#byte();
      switch (token & ~MORE) {
        case 0x00: // end of fragment
        case 0x04: // end of element
          return nodes;
        case 0x0f: // header of a fragment: version and flags
          this.#skip(3);
          break;
        case 0x01:
          nodes.push(this.#readElement((token & MORE) !== 0, depth));
          break;
        case 0x0c:
          nodes.push({ kind: 'instance', start: this.#at - 1, end: this.#end });
          return nodes;
        case 0x0a: // target and data of a processing instruction say nothing about the event
          this.#readName();
          break;
        case 0x0b:
          this.#skip(this.#short() * 2);
          break;
        default:
          nodes.push(this.#readPart(token & ~MORE));
      }
    }
    return nodes;
  }

  #readElement(hasAttributes: boolean, depth: number): BinXmlNode {
    if (this.#hasDependency) this.#skip(2);
    this.#skip(4);
    const name = this.#readName();
    const attributes: { name: string; parts: BinXmlPart[] }[] = [];
    if (hasAttributes) this.#skip(4);
    for (;;) {
      const token = this.#byte();
      switch (token & ~MORE) {
        case 0x06:
          attributes.push({ name: this.#readName(), parts: [] });
          break;
        case 0x02:
          return { kind: 'element', name, attributes, children: this.#readContent(depth + 1) };
        case 0x03:
          return { kind: 'element', name, attributes, children: [] };
        default: {
          const attribute = attributes.at(-1);
          if (attribute === undefined) throw new DamagedError(`token ${token} stands where attributes do`);
          attribute.parts.push(this.#readPart(token & ~MORE));
        }
      }
    }
  }

  #readPart(token: number): BinXmlPart {
    switch (token) {
      case 0x05: {
        const type = this.#byte();
        if (type !== 0x01) throw new DamagedError(`text of type ${type} is unknown`);
        return { kind: 'text', text: this.#readCharacters(this.#short()) };
      }
      case 0x07:
        return { kind: 'text', text: this.#readCharacters(this.#short()) };
      case 0x08:
        return { kind: 'text', text: String.fromCharCode(this.#short()) };
      case 0x09: {
        const name = this.#readName();
        return { kind: 'text', text: ENTITIES[name] ?? `&${name};` };
      }
      case 0x0d:
      case 0x0e: {
        const index = this.#short();
        this.#skip(1);
        return { kind: 'substitution', index };
      }
      default:
        throw new DamagedError(`token ${token} is unknown`);
    }
  }

  /** A name stands here, or anywhere in the chunk before. */
  #readName(): string {
    const offset = this.#long();
    const isHere = offset === this.#at;
    const known = this.#names.get(offset);
    if (known !== undefined && !isHere) return known;
    if (offset + 8 > this.#chunk.length) throw new DamagedError('a name is not in its chunk');
    const length = this.#chunk.readUInt16LE(offset + 6);
    const end = offset + 8 + length * 2;
    if (end > this.#chunk.length) throw new DamagedError('a name is longer than its chunk');
    if (isHere) this.#at = end + 2;
    const name = known ?? readText(this.#chunk, offset + 8, length * 2);
    this.#names.set(offset, name);
    return name;
  }

  #readCharacters(count: number): string {
    const start = this.#at;
    this.#skip(count * 2);
    return this.#chunk.toString('utf16le', start, start + count * 2);
  }

  #byte(): number {
    const value = this.#at < this.#end ? this.#chunk[this.#at] : undefined;
    if (value === undefined) throw new DamagedError('BinXML is cut off');
    this.#at++;
    return value;
  }

  #short(): number {
    const start = this.#at;
    this.#skip(2);
    return this.#chunk.readUInt16LE(start);
  }

  #long(): number {
    const start = this.#at;
    this.#skip(4);
    return this.#chunk.readUInt32LE(start);
  }

  #skip(count: number): void {
    this.#at += count;
    if (this.#at > this.#end) throw new DamagedError('BinXML is cut off');
  }
}
