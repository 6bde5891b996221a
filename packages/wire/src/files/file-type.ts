import type { FileCategory, FileTypeDefinition } from '@sphinx/schema';
import { latin1 } from '../bytes/text.ts';

/** What a file is. */
export interface IdentifiedType {
  readonly id: string;
  readonly description: string;
  readonly mediaType: string;
  readonly category: FileCategory;
  readonly isClinical: boolean;
}

/** Bytes from the start of a file that its type is told from. */
export const TYPE_HEAD_BYTES = 8 * 1024;

const DATA: IdentifiedType = {
  id: 'data',
  description: 'data',
  mediaType: 'application/octet-stream',
  category: 'other',
  isClinical: false,
};
const TEXT: IdentifiedType = {
  id: 'text',
  description: 'ASCII text',
  mediaType: 'text/plain',
  category: 'text',
  isClinical: false,
};
/** Says nothing about what it is. */
const UNSPECIFIC = new Set([
  '',
  'application/octet-stream',
  'application/x-download',
  'application/download',
  'application/force-download',
  'binary/octet-stream',
  'application/binary',
  'application/unknown',
  'text/plain',
]);

interface CompiledEvidence {
  readonly at: number;
  readonly pointer: number | undefined;
  readonly within: number | undefined;
  readonly pattern: Buffer;
  readonly isCaseless: boolean;
}

interface CompiledType {
  readonly definition: FileTypeDefinition;
  /** One of these lists has to hold whole. */
  readonly evidence: readonly (readonly CompiledEvidence[])[];
}

const BYTE_VALUES = 256;

/** Tells files by their content. Built once; one for all files. */
export class FileTypes {
  /** By the first byte of a file those types that it may be, in order: most are told by how they begin. */
  readonly #types: readonly (readonly CompiledType[])[];
  readonly #byExtension = new Map<string, FileTypeDefinition[]>();
  readonly #byMediaType = new Map<string, FileTypeDefinition[]>();
  readonly #byId = new Map<string, FileTypeDefinition>();

  constructor(definitions: readonly FileTypeDefinition[]) {
    const types = definitions.map((definition) => ({ definition, evidence: definition.evidence.map(compileAll) }));
    this.#types = Array.from({ length: BYTE_VALUES }, (_, first) => typesThatBegin(types, first));
    for (const definition of definitions) {
      this.#byId.set(definition.id, definition);
      for (const extension of definition.extensions) add(this.#byExtension, extension, definition);
      for (const media of [definition.mediaType, ...(definition.alsoDeclared ?? [])]) {
        add(this.#byMediaType, media, definition);
      }
    }
  }

  /**
   * @param head first bytes of the file, `TYPE_HEAD_BYTES` tell most
   * @param knownType what its protocol says it is, where that cannot be told by the bytes
   */
  identify(head: Uint8Array, knownType?: string): IdentifiedType {
    const known = knownType === undefined ? undefined : this.#byId.get(knownType);
    if (known !== undefined) return identified(known);
    const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, TYPE_HEAD_BYTES));
    let lower: Buffer | undefined;
    const holds = (evidence: CompiledEvidence): boolean => {
      if (!evidence.isCaseless) return isThere(bytes, evidence);
      lower ??= Buffer.from(latin1(bytes).toLowerCase(), 'latin1');
      return isThere(lower, evidence);
    };
    const found = this.#types[bytes[0] ?? 0]?.find(({ evidence }) => evidence.some((all) => all.every(holds)));
    if (found !== undefined) return identified(found.definition);
    return bytes.length > 0 && isText(bytes) ? TEXT : DATA;
  }

  /** @returns whether a name or a declared media type speaks of another kind of thing than the content is */
  isMismatch(type: IdentifiedType, declaredType: string, extension: string): boolean {
    const actual = this.#byId.get(type.id);
    if (actual === undefined) return false;
    const declared = UNSPECIFIC.has(declaredType) ? undefined : this.#byMediaType.get(declaredType);
    const named = this.#byExtension.get(extension);
    return disagrees(actual, declared) || disagrees(actual, named);
  }

  /** @returns whether files with this ending are programs or scripts */
  isProgramName(extension: string): boolean {
    return (
      this.#byExtension.get(extension)?.some(({ category }) => category === 'program' || category === 'script') === true
    );
  }
}

/** @returns of each type the lists that a file with this first byte may fulfil; no type without one */
function typesThatBegin(types: readonly CompiledType[], first: number): readonly CompiledType[] {
  return types.flatMap(({ definition, evidence }) => {
    const possible = evidence.filter((all) => all.every((one) => mayBegin(one, first)));
    return possible.length === 0 ? [] : [{ definition, evidence: possible }];
  });
}

function mayBegin({ at, pointer, within, pattern, isCaseless }: CompiledEvidence, first: number): boolean {
  if (at !== 0 || pointer !== undefined || within !== undefined || pattern.length === 0) return true;
  return pattern[0] === (isCaseless ? lowerCase(first) : first);
}

/** As `toLowerCase` does in Latin-1, where all but two letters stay one byte. */
function lowerCase(byte: number): number {
  const lower = String.fromCharCode(byte).toLowerCase().charCodeAt(0);
  return lower < BYTE_VALUES ? lower : byte;
}

function identified({ id, description, mediaType, category, isClinical = false }: FileTypeDefinition): IdentifiedType {
  return { id, description, mediaType, category, isClinical };
}

function disagrees(actual: FileTypeDefinition, expected: readonly FileTypeDefinition[] | undefined): boolean {
  return expected?.some((one) => one.id === actual.id || isOfFamily(one, actual)) === false;
}

function isOfFamily(one: FileTypeDefinition, other: FileTypeDefinition): boolean {
  return one.family !== undefined && one.family === other.family;
}

function add(map: Map<string, FileTypeDefinition[]>, key: string, definition: FileTypeDefinition): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [definition]);
  else known.push(definition);
}

function compileAll(evidence: FileTypeDefinition['evidence'][number]): readonly CompiledEvidence[] {
  return evidence.map(({ at = 0, pointer, within, hex, text = '', nocase = false }) => ({
    at,
    pointer,
    within,
    pattern: hex === undefined ? Buffer.from(nocase ? text.toLowerCase() : text, 'latin1') : Buffer.from(hex, 'hex'),
    isCaseless: nocase && hex === undefined,
  }));
}

function isThere(bytes: Buffer, { at, pointer, within, pattern }: CompiledEvidence): boolean {
  let start = at;
  if (pointer !== undefined) {
    if (pointer + 4 > bytes.length) return false;
    start += bytes.readUInt32LE(pointer);
  }
  if (within === undefined) {
    return start + pattern.length <= bytes.length && pattern.equals(bytes.subarray(start, start + pattern.length));
  }
  return bytes.subarray(start, start + within).includes(pattern);
}

/** Neither zeros nor control characters that no text has, in ASCII, Latin-1 or UTF-8. */
function isText(bytes: Buffer): boolean {
  for (const byte of bytes) {
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x0c && byte !== 0x1b) return false;
    if (byte === 0x7f) return false;
  }
  return true;
}
