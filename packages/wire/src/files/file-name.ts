import { cleanText } from '../bytes/text.ts';
import type { FileOptions } from './types.ts';

const MAXIMUM_NAME = 255;

/** @returns last part of a path with slashes of either kind */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** @returns ending of a name in lower case, without the dot; empty where it has none that looks like one */
export function extensionOf(name: string): string {
  return /[^/\\]\.([A-Za-z][A-Za-z0-9_]{0,9}|7z)$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** @returns what a record may say of a name: see `FileOptions.names` */
export function maskFileName(name: string, names: FileOptions['names'], isProgram: boolean): string {
  if (names === 'none' || name === '') return '';
  if (names === 'all' || isProgram) return cleanText(baseName(name), MAXIMUM_NAME);
  const extension = extensionOf(name);
  return extension === '' ? '*' : `*.${extension}`;
}
