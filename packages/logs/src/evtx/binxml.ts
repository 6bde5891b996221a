import type { LogScalar, LogValue } from '../log-value.ts';
import type { XmlElement } from '../xml-element.ts';
import { DamagedError } from './damaged-error.ts';
import { type BinXmlNode, type BinXmlPart, BinXmlReader, type Template } from './template.ts';
import { isBinXml, readValue } from './values.ts';

/* BinXML of one chunk made into elements: [MS-EVEN6] 2.2.12, template instances with the values of one record. */

/** A record takes at most 64 KB, but its template may name a value many times. */
const MAXIMUM_CHARACTERS = 4_000_000;
const MAXIMUM_ELEMENTS = 50_000;
const MAXIMUM_DEPTH = 64;

interface Substitution {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

const TEMPLATE_INSTANCE = 0x0c;
const FRAGMENT_HEADER = 0x0f;

/** Reads the records of one chunk; templates and names are read once. */
export class ChunkRenderer {
  readonly #chunk: Buffer;
  readonly #reader: BinXmlReader;
  #characters = 0;
  #elements = 0;

  /** @param chunk bytes of the chunk, from its header on */
  constructor(chunk: Buffer) {
    this.#chunk = chunk;
    this.#reader = new BinXmlReader(chunk);
  }

  /**
   * @param start first byte of a record's BinXML in the chunk
   * @param end byte after its last
   * @returns its root element
   * @throws DamagedError
   */
  render(start: number, end: number): XmlElement {
    this.#characters = 0;
    this.#elements = 0;
    const roots = this.#renderFragment(start, end, 0);
    const root = roots[0];
    if (root === undefined) throw new DamagedError('a record holds no element');
    return root;
  }

  #renderFragment(start: number, end: number, depth: number): XmlElement[] {
    if (depth > MAXIMUM_DEPTH) throw new DamagedError('BinXML is nested too deep');
    let at = start;
    if (this.#chunk[at] === FRAGMENT_HEADER) at += 4;
    if (at >= end) return [];
    if (this.#chunk[at] === TEMPLATE_INSTANCE) return this.#renderTemplate(at, end, depth);
    const { nodes } = this.#reader.readNodes(at, end, depth > 0);
    const parent: XmlElement = { name: '', attributes: [], children: [], values: [] };
    for (const node of nodes) this.#renderNode(node, [], parent, depth + 1);
    return parent.children;
  }

  #renderTemplate(start: number, end: number, depth: number): XmlElement[] {
    if (start + 10 > end) throw new DamagedError('a template instance is cut off');
    const definitionOffset = this.#chunk.readUInt32LE(start + 6);
    const template = this.#reader.template(definitionOffset);
    const valuesAt = definitionOffset === start + 10 ? template.end : start + 10;
    const substitutions = this.#readSubstitutions(valuesAt, end);
    const parent: XmlElement = { name: '', attributes: [], children: [], values: [] };
    this.#renderNodes(template, substitutions, parent, depth);
    return parent.children;
  }

  #renderNodes(template: Template, values: readonly Substitution[], parent: XmlElement, depth: number): void {
    for (const node of template.nodes) this.#renderNode(node, values, parent, depth + 1);
  }

  #readSubstitutions(start: number, end: number): readonly Substitution[] {
    if (start + 4 > end) throw new DamagedError('the values of a template are cut off');
    const count = this.#chunk.readUInt32LE(start);
    let offset = start + 4 + count * 4;
    if (offset > end) throw new DamagedError('a template has more values than fit');
    const values: Substitution[] = [];
    for (let index = 0; index < count; index++) {
      const at = start + 4 + index * 4;
      const size = this.#chunk.readUInt16LE(at);
      if (offset + size > end) throw new DamagedError('a value reaches beyond its record');
      values.push({ size, type: this.#chunk.readUInt8(at + 2), offset });
      offset += size;
    }
    return values;
  }

  #renderNode(node: BinXmlNode, values: readonly Substitution[], parent: XmlElement, depth: number): void {
    if (depth > MAXIMUM_DEPTH) throw new DamagedError('BinXML is nested too deep');
    switch (node.kind) {
      case 'text':
        this.#count(node.text);
        parent.values.push(node.text);
        return;
      case 'substitution':
        this.#substitute(node.index, values, parent, depth);
        return;
      case 'instance':
        parent.children.push(...this.#renderTemplate(node.start, node.end, depth + 1));
        return;
      case 'element':
        this.#renderElement(node, values, parent, depth);
    }
  }

  #renderElement(
    node: Extract<BinXmlNode, { kind: 'element' }>,
    values: readonly Substitution[],
    parent: XmlElement,
    depth: number,
  ): void {
    this.#elements++;
    if (this.#elements > MAXIMUM_ELEMENTS) throw new DamagedError('a record has too many elements');
    const element: XmlElement = { name: node.name, attributes: [], children: [], values: [] };
    for (const { name, parts } of node.attributes) {
      const value = this.#attributeValue(parts, values);
      if (value !== undefined) element.attributes.push([name, value]);
    }
    for (const child of node.children) this.#renderNode(child, values, element, depth + 1);
    parent.children.push(element);
  }

  /** @returns undefined where a value that may be absent is absent */
  #attributeValue(parts: readonly BinXmlPart[], values: readonly Substitution[]): LogScalar | undefined {
    const pieces: LogScalar[] = [];
    for (const part of parts) {
      if (part.kind === 'text') {
        pieces.push(part.text);
        continue;
      }
      const value = this.#valueOf(values[part.index]);
      if (value === undefined) continue;
      if (typeof value === 'object' && value !== null) pieces.push(...value);
      else pieces.push(value);
    }
    if (pieces.length === 0) return undefined;
    return pieces.length === 1 ? (pieces[0] ?? null) : pieces.join('');
  }

  #substitute(index: number, values: readonly Substitution[], parent: XmlElement, depth: number): void {
    const substitution = values[index];
    if (substitution === undefined) return;
    if (isBinXml(substitution.type)) {
      const { offset, size } = substitution;
      if (size > 0) parent.children.push(...this.#renderFragment(offset, offset + size, depth + 1));
      return;
    }
    const value = this.#valueOf(substitution);
    if (value !== undefined) parent.values.push(value);
  }

  #valueOf(substitution: Substitution | undefined): LogValue | undefined {
    if (substitution === undefined) return undefined;
    const { type, offset, size } = substitution;
    this.#characters += size;
    if (this.#characters > MAXIMUM_CHARACTERS) throw new DamagedError('a record grows too large');
    return readValue(this.#chunk, type, offset, size);
  }

  #count(text: string): void {
    this.#characters += text.length;
    if (this.#characters > MAXIMUM_CHARACTERS) throw new DamagedError('a record grows too large');
  }
}
