import type { Problem } from '../reading/reading.ts';
import type { ImportedReport } from './report.ts';
import type { Chunks } from './source/bytes.ts';

/** What a reader makes of a file. */
export interface ImportContent {
  /** Program that made the file, with version where the file tells. */
  readonly tool: string;
  readonly reports: readonly ImportedReport[];
  /** Rows and entries that were left out, each with its place; the rest was read. */
  readonly problems: readonly Problem[];
}

interface FormatName {
  /** As it is chosen by hand: `nmap`. */
  readonly id: string;
  /** As people call it: `nmap XML`. */
  readonly title: string;
}

/** A form of XML, known by its root element. */
export interface XmlFormat extends FormatName {
  readonly kind: 'xml';
  readonly roots: readonly string[];
  read(chunks: Chunks): Promise<ImportContent>;
}

/** A form of JSON, known by its members. */
export interface JsonFormat extends FormatName {
  readonly kind: 'json';
  isIt(value: unknown): boolean;
  /** @param bytes of which `value` was read */
  read(value: unknown, bytes: Uint8Array): ImportContent;
}

/** Lines or tables of text, known by how they begin. */
export interface TextFormat extends FormatName {
  readonly kind: 'text';
  isIt(head: string): boolean;
  read(text: string): ImportContent;
}

/** A workbook, known by what is in its cells. */
export interface WorkbookFormat extends FormatName {
  readonly kind: 'workbook';
  read(bytes: Uint8Array): Promise<ImportContent>;
}

export type ImportFormat = XmlFormat | JsonFormat | TextFormat | WorkbookFormat;
