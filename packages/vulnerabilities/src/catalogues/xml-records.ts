import { SaxesParser, type SaxesTagPlain } from 'saxes';

/** An element with what is inside it. Text of elements within elements is joined. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** The largest catalogue (CWE, 2026) has 18 MB. */
const MOST_BYTES = 256 * 1024 * 1024;
const MOST_DEPTH = 100;

interface OpenElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/** @see readXmlRecords */
export type XmlRecords =
  | {
      readonly isRead: true;
      readonly root: Omit<XmlElement, 'children' | 'text'>;
      readonly records: readonly XmlElement[];
    }
  | { readonly isRead: false; readonly where: string; readonly what: string };

/**
 * Reads the elements of some names out of an XML file, wherever they stand; the rest is passed over, and no entity that the file
 * defines is known.
 *
 * @param names of the elements that are wanted; one inside another is part of it
 * @returns them in their order, or the line of what is wrong; never throws
 */
export function readXmlRecords(content: Uint8Array, names: readonly string[]): XmlRecords {
  if (content.length > MOST_BYTES) return refused('', `is larger than ${MOST_BYTES / 1024 / 1024} MiB`);
  const parser = new SaxesParser({ position: true });
  const records: XmlElement[] = [];
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let depth = 0;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    const { name, attributes } = tag as SaxesTagPlain;
    depth += 1;
    if (depth > MOST_DEPTH) throw new Error(`is nested deeper than ${MOST_DEPTH} levels`);
    root ??= { name, attributes, children: [], text: '' };
    if (open.length > 0 || names.includes(name)) open.push({ name, attributes, children: [], text: '' });
  });
  const addText = (text: string) => {
    const last = open.at(-1);
    if (last !== undefined) last.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    depth -= 1;
    const closed = open.pop();
    if (closed === undefined) return;
    const parent = open.at(-1);
    if (parent === undefined) return void records.push(closed);
    parent.children.push(closed);
    parent.text += ` ${closed.text} `;
  });
  try {
    parser.write(new TextDecoder('utf-8', { fatal: true }).decode(content)).close();
  } catch (error) {
    const message = error instanceof Error ? error.message.replace(/^\d+:\d+: /, '') : String(error);
    return refused(`line ${parser.line}`, `is not readable XML: ${message.slice(0, 160)}`);
  }
  if (root === undefined) return refused('', 'is empty');
  return { isRead: true, root: { name: root.name, attributes: root.attributes }, records };
}

/** @returns elements of a name directly inside one that is directly inside */
export function elementsIn(element: XmlElement, group: string, name: string): readonly XmlElement[] {
  return element.children
    .filter((child) => child.name === group)
    .flatMap(({ children }) => children.filter((child) => child.name === name));
}

/** @returns text of the first element of a name directly inside, with single spaces; empty where there is none */
export function textIn(element: XmlElement, name: string): string {
  const found = element.children.find((child) => child.name === name)?.text ?? '';
  return found.replace(/\s+/g, ' ').trim();
}

function refused(
  where: string,
  what: string,
): { readonly isRead: false; readonly where: string; readonly what: string } {
  return { isRead: false, where, what };
}
