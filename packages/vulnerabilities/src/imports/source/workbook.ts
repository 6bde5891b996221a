import { type Archive, openArchive } from './archive.ts';
import { Unreadable } from './unreadable.ts';
import { childOf, childrenOf, readElements, textAt, type XmlElement } from './xml-elements.ts';

/*
 * Tables of a workbook: SpreadsheetML (ECMA-376 part 1, §18), as far as cells with text, numbers, dates as text and results of
 * formulas go. Written for this project rather than taken from a library: those that exist trust sizes that archives claim, or
 * bring an XML parser of their own.
 */

export interface Worksheet {
  readonly name: string;
  readonly rows: readonly WorksheetRow[];
}

export interface WorksheetRow {
  /** As the workbook numbers it, from 1. */
  readonly number: number;
  /** By column, from 0; empty where there is nothing. */
  readonly cells: readonly string[];
}

const LIMITS = { rows: 20_000, columns: 100, sheets: 50, strings: 200_000 } as const;

/** @throws Unreadable where the bytes are no workbook */
export async function readWorkbook(bytes: Uint8Array): Promise<readonly Worksheet[]> {
  const archive = openArchive(bytes);
  const strings = await readStrings(archive);
  const sheets: Worksheet[] = [];
  for (const { name, path } of (await listSheets(archive)).slice(0, LIMITS.sheets)) {
    const content = archive.read(path);
    if (content !== undefined) sheets.push({ name, rows: await readRows(content, strings) });
  }
  return sheets;
}

/** Names of elements may carry any prefix. */
const localName = (name: string) => name.slice(name.indexOf(':') + 1);

async function allOf(content: Uint8Array, names: string): Promise<XmlElement[]> {
  const elements: XmlElement[] = [];
  const isWanted = (path: string) => path.split('/').map(localName).join('/') === names;
  for await (const element of readElements([content], { isWanted, isDropped: (name) => localName(name) === 'rPh' })) {
    elements.push(withoutPrefixes(element));
    if (elements.length >= LIMITS.strings) break;
  }
  return elements;
}

function withoutPrefixes({ name, attributes, children, text }: XmlElement): XmlElement {
  return { name: localName(name), attributes, children: children.map(withoutPrefixes), text };
}

async function listSheets(archive: Archive): Promise<readonly { readonly name: string; readonly path: string }[]> {
  const workbook = archive.read('xl/workbook.xml');
  if (workbook === undefined) throw new Unreadable('', 'is an archive, but no workbook of a spreadsheet (.xlsx)');
  const relations = archive.read('xl/_rels/workbook.xml.rels');
  const targets = new Map<string, string>();
  for (const { attributes } of relations === undefined ? [] : await allOf(relations, 'Relationships/Relationship')) {
    const { Id: id = '', Target: target = '' } = attributes;
    targets.set(id, target.startsWith('/') ? target.slice(1) : `xl/${target}`);
  }
  const sheets = await allOf(workbook, 'workbook/sheets/sheet');
  return sheets.map(({ attributes }, index) => {
    const id = Object.entries(attributes).find(([name]) => localName(name) === 'id' && name.includes(':'))?.[1] ?? '';
    return { name: attributes.name ?? '', path: targets.get(id) ?? `xl/worksheets/sheet${index + 1}.xml` };
  });
}

async function readStrings(archive: Archive): Promise<readonly string[]> {
  const content = archive.read('xl/sharedStrings.xml');
  return content === undefined ? [] : (await allOf(content, 'sst/si')).map(textOfRuns);
}

/** A text is one piece, or several with formats of their own (§18.4.8, §18.4.4). */
function textOfRuns(item: XmlElement): string {
  const runs = childrenOf(item, 'r').map((run) => childOf(run, 't')?.text ?? '');
  return runs.length > 0 ? runs.join('') : (childOf(item, 't')?.text ?? '');
}

async function readRows(content: Uint8Array, strings: readonly string[]): Promise<WorksheetRow[]> {
  const rows: WorksheetRow[] = [];
  for (const row of await allOf(content, 'worksheet/sheetData/row')) {
    if (rows.length >= LIMITS.rows) break;
    const cells: string[] = [];
    for (const [index, cell] of childrenOf(row, 'c').entries()) {
      const column = columnOf(cell.attributes.r) ?? index;
      if (column >= LIMITS.columns) continue;
      while (cells.length < column) cells.push('');
      cells[column] = textOfCell(cell, strings);
    }
    if (cells.some((cell) => cell !== '')) rows.push({ number: Number(row.attributes.r) || rows.length + 1, cells });
  }
  return rows;
}

/** `AB12` is in column 27, counted from 0. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
  if (letters === undefined) return undefined;
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function textOfCell(cell: XmlElement, strings: readonly string[]): string {
  const value = textAt(cell, 'v');
  switch (cell.attributes.t) {
    case 's':
      return strings[Number(value)]?.trim() ?? '';
    case 'inlineStr':
      return textOfRuns(childOf(cell, 'is') ?? cell).trim();
    case 'b':
      return value === '1' ? 'TRUE' : 'FALSE';
    case 'e':
      return '';
    default:
      return value;
  }
}
