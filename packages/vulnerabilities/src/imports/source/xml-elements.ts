import { SaxesParser, type SaxesTagPlain } from 'saxes';
import type { Chunks } from './bytes.ts';
import { encodingOf } from './bytes.ts';
import { Unreadable } from './unreadable.ts';

/** An element with what is inside. Entities of a document type are never expanded, and nothing is fetched. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, without that of its children; long ones are cut. */
  readonly text: string;
}

export interface WantedElements {
  /** @param path names from the root, joined by `/`; @returns whether such an element is given as a whole */
  isWanted(path: string): boolean;
  /** @returns whether an element inside a wanted one is left out with all that is inside it */
  isDropped?(name: string): boolean;
}

const LIMITS = { depth: 100, nodes: 500_000, text: 256 * 1024, attributes: 200 } as const;

interface OpenElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/**
 * Reads wanted elements of a document one after another, whatever its size: one of them is held at a time.
 *
 * @throws Unreadable where the text is no well-formed XML, or holds more than one element may
 */
export async function* readElements(chunks: Chunks, wanted: WantedElements): AsyncGenerator<XmlElement> {
  const reader = new ElementReader(wanted);
  let decoder: TextDecoder | undefined;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    decoder ??= new TextDecoder(declaredEncoding(chunk));
    yield* reader.push(decoder.decode(chunk, { stream: true }));
  }
  yield* reader.end();
}

const ENCODINGS: Readonly<Record<string, string>> = {
  'iso-8859-1': 'windows-1252',
  latin1: 'windows-1252',
  'us-ascii': 'utf-8',
  'windows-1252': 'windows-1252',
};

function declaredEncoding(head: Uint8Array): string {
  const told = encodingOf(head);
  if (told !== 'utf-8') return told;
  const declaration = Buffer.from(head.subarray(0, 200)).toString('latin1');
  const label = /<\?xml[^>]{0,100}encoding=["']([\w-]{1,20})["']/i.exec(declaration)?.[1]?.toLowerCase() ?? '';
  return ENCODINGS[label] ?? 'utf-8';
}

class ElementReader {
  readonly #wanted: WantedElements;
  readonly #parser = new SaxesParser({ position: true });
  readonly #path: string[] = [];
  readonly #open: OpenElement[] = [];
  #whole: XmlElement[] = [];
  #nodes = 0;
  /** Depth of the element that is left out; 0 for none. */
  #droppedAt = 0;

  constructor(wanted: WantedElements) {
    this.#wanted = wanted;
    this.#parser.on('error', (error) => {
      throw new Unreadable(
        `line ${this.#parser.line}`,
        `is not well-formed XML: ${error.message.replace(/^\d+:\d+: /, '')}`,
      );
    });
    this.#parser.on('opentag', (tag) => this.#enter(tag as SaxesTagPlain));
    this.#parser.on('text', (text) => this.#addText(text));
    this.#parser.on('cdata', (text) => this.#addText(text));
    this.#parser.on('closetag', () => this.#leave());
  }

  push(text: string): readonly XmlElement[] {
    this.#parser.write(text);
    return this.#take();
  }

  end(): readonly XmlElement[] {
    this.#parser.close();
    return this.#take();
  }

  #take(): readonly XmlElement[] {
    const whole = this.#whole;
    this.#whole = [];
    return whole;
  }

  #enter({ name, attributes }: SaxesTagPlain): void {
    this.#path.push(name);
    if (this.#path.length > LIMITS.depth) this.#refuse(`is nested deeper than ${LIMITS.depth} elements`);
    if (this.#droppedAt > 0) return;
    const isInside = this.#open.length > 0;
    if (!isInside && !this.#wanted.isWanted(this.#path.join('/'))) return;
    if (isInside && this.#wanted.isDropped?.(name)) {
      this.#droppedAt = this.#path.length;
      return;
    }
    this.#nodes += 1;
    if (this.#nodes > LIMITS.nodes) this.#refuse(`has an element with more than ${LIMITS.nodes} others inside`);
    if (Object.keys(attributes).length > LIMITS.attributes) this.#refuse('has an element with too many attributes');
    this.#open.push({ name, attributes, children: [], text: '' });
  }

  #addText(text: string): void {
    const open = this.#open.at(-1);
    if (open === undefined || this.#droppedAt > 0 || open.text.length >= LIMITS.text) return;
    open.text += text.slice(0, LIMITS.text - open.text.length);
  }

  #leave(): void {
    const depth = this.#path.length;
    this.#path.pop();
    if (this.#droppedAt > 0) {
      if (depth === this.#droppedAt) this.#droppedAt = 0;
      return;
    }
    const element = this.#open.pop();
    if (element === undefined) return;
    const outer = this.#open.at(-1);
    if (outer !== undefined) {
      outer.children.push(element);
      return;
    }
    this.#nodes = 0;
    this.#whole.push(element);
  }

  #refuse(what: string): never {
    throw new Unreadable(`line ${this.#parser.line}`, what);
  }
}

/** @returns the first child of that name */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** @returns text of the first element under a path of names, without spaces around it; empty where there is none */
export function textAt(element: XmlElement | undefined, ...names: readonly string[]): string {
  return names.reduce<XmlElement | undefined>(childOf, element)?.text.trim() ?? '';
}
