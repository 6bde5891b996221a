import { createHash } from 'node:crypto';
import { constants, gunzipSync, inflateSync } from 'node:zlib';
import { decodeBase64 } from './base64.ts';
import type { Transform } from './conditions.ts';
import { lowerCase } from './content-pattern.ts';
import { parsePcre } from './pcre/pcre.ts';
import { parseNumber, RuleError, unquote } from './rule-error.ts';

/** Bytes that a decompressing transformation may give. */
const MAXIMUM_INFLATED_BYTES = 1_048_576;

type Apply = (bytes: Buffer) => Buffer | undefined;

interface TransformKind {
  readonly summary: string;
  /** @throws RuleError when the value has not the form */
  create(value: string): Apply;
}

function plain(summary: string, apply: Apply): TransformKind {
  return {
    summary,
    create: (value) => {
      if (value !== '') throw new RuleError('the transformation takes no value');
      return apply;
    },
  };
}

/** Transformations by keyword (Suricata user guide, "Transformations"). */
export const TRANSFORMS: Readonly<Record<string, TransformKind>> = {
  to_lowercase: plain('ASCII letters in lower case', lowerCase),
  to_uppercase: plain('ASCII letters in upper case', upperCase),
  strip_whitespace: plain('without blanks', (bytes) => bytes.filter((byte) => !isBlank(byte)) as Buffer),
  compress_whitespace: plain('a run of blanks as one space', compressBlanks),
  dotprefix: plain('with a dot before it', (bytes) => Buffer.concat([Buffer.from('.'), bytes])),
  to_md5: plain('MD5 of it', (bytes) => createHash('md5').update(bytes).digest()),
  to_sha1: plain('SHA-1 of it', (bytes) => createHash('sha1').update(bytes).digest()),
  to_sha256: plain('SHA-256 of it', (bytes) => createHash('sha256').update(bytes).digest()),
  url_decode: plain('percent signs and plus decoded', decodeUrl),
  header_lowercase: plain('header names in lower case', (bytes) => headerLines(bytes, lowerHeaderName)),
  strip_pseudo_headers: plain('without HTTP/2 pseudo headers', (bytes) =>
    headerLines(bytes, (line) => (line.startsWith(':') ? undefined : line)),
  ),
  domain: plain('the registered domain of a host name', (bytes) => suffix(bytes, 1)),
  tld: plain('the suffix of a host name under which names are registered', (bytes) => suffix(bytes, 0)),
  gunzip: { summary: 'decompressed', create: (value) => createInflate('gunzip', value, gunzipSync) },
  zlib_deflate: { summary: 'decompressed', create: (value) => createInflate('zlib_deflate', value, inflateSync) },
  xor: { summary: 'exclusive or with a key', create: createXor },
  pcrexform: { summary: 'what the first group of an expression takes', create: createPcreTransform },
  from_base64: { summary: 'decoded from base64', create: createFromBase64 },
  subslice: { summary: 'a part of it', create: createSubslice },
};

/** @throws RuleError when the keyword's value has not its form */
export function createTransform(keyword: string, value: string | undefined): Transform {
  const kind = TRANSFORMS[keyword];
  if (kind === undefined) throw new RuleError(`the transformation ${keyword} is unknown`);
  return { key: value === undefined ? keyword : `${keyword}:${value}`, apply: kind.create(value ?? '') };
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

function upperCase(bytes: Buffer): Buffer {
  return bytes.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte)) as Buffer;
}

function compressBlanks(bytes: Buffer): Buffer {
  const output: number[] = [];
  let wasBlank = false;
  for (const byte of bytes) {
    const blank = isBlank(byte);
    if (!blank) output.push(byte);
    else if (!wasBlank) output.push(0x20);
    wasBlank = blank;
  }
  return Buffer.from(output);
}

function decodeUrl(bytes: Buffer): Buffer {
  const output: number[] = [];
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    const digits = byte === 0x25 ? bytes.toString('latin1', index + 1, index + 3) : '';
    if (/^[0-9a-f]{2}$/i.test(digits)) {
      output.push(Number.parseInt(digits, 16));
      index += 2;
    } else output.push(byte === 0x2b ? 0x20 : byte);
  }
  return Buffer.from(output);
}

function headerLines(bytes: Buffer, change: (line: string) => string | undefined): Buffer {
  const text = bytes.toString('latin1');
  const lines = text.split(/(?<=\n)/).flatMap((line) => change(line) ?? []);
  return Buffer.from(lines.join(''), 'latin1');
}

function lowerHeaderName(line: string): string {
  const colon = line.indexOf(':');
  return colon < 0 ? line : line.slice(0, colon).toLowerCase() + line.slice(colon);
}

/** Second-level suffixes under which names are registered; the public suffix list is larger than is worth carrying. */
const SECOND_LEVEL = new Set('co com org net gov edu ac gob nom mil or ne go'.split(' '));

/** @returns the suffix of a host name under which names are registered, with so many labels before it */
function suffix(bytes: Buffer, before: number): Buffer {
  const labels = bytes.toString('latin1').split('.');
  const isTwoPart = labels.length > 2 && SECOND_LEVEL.has(labels.at(-2) ?? '') && (labels.at(-1) ?? '').length === 2;
  return Buffer.from(labels.slice(-(isTwoPart ? 2 : 1) - before).join('.'), 'latin1');
}

/** Bytes that the decompressing transformations give where the rule names no limit (Suricata user guide). */
const DEFAULT_INFLATED_BYTES = 1024;

/** `gunzip: max-size 100000`: what goes beyond is cut off. */
function createInflate(name: string, value: string, inflate: typeof gunzipSync): Apply {
  const [, given = String(DEFAULT_INFLATED_BYTES)] = /^max-size\s+(\d+)$/.exec(value.trim()) ?? [];
  if (value.trim() !== '' && !value.trim().startsWith('max-size'))
    throw new RuleError(`${name}: '${value}' is unknown`);
  const limit = parseNumber(given, `${name}: max-size`, 1, MAXIMUM_INFLATED_BYTES);
  return (bytes) => {
    try {
      const whole = inflate(bytes, { maxOutputLength: MAXIMUM_INFLATED_BYTES, finishFlush: constants.Z_SYNC_FLUSH });
      return whole.subarray(0, limit);
    } catch {
      // Bytes that are no compressed data, or that grow beyond every limit, leave nothing to look at.
      return undefined;
    }
  };
}

function createXor(value: string): Apply {
  const { text } = unquote(value);
  if (!/^([0-9a-f]{2})+$/i.test(text)) throw new RuleError('xor: its key is not hexadecimal');
  const key = Buffer.from(text, 'hex');
  return (bytes) => bytes.map((byte, index) => byte ^ (key[index % key.length] ?? 0)) as Buffer;
}

function createPcreTransform(value: string): Apply {
  const { text } = unquote(value);
  const pattern = parsePcre(text.startsWith('/') ? text : `/${text}/`);
  return (bytes) => {
    const taken = pattern.find(bytes.toString('latin1'), 0)?.group(1);
    return taken === undefined ? undefined : Buffer.from(taken, 'latin1');
  };
}

function createFromBase64(value: string): Apply {
  const options = new Map(
    value
      .split(',')
      .map((part) => part.trim().split(/\s+/))
      .map(([name = '', operand = '']) => [name, operand]),
  );
  for (const name of options.keys()) {
    if (!['', 'bytes', 'offset', 'mode'].includes(name)) throw new RuleError(`from_base64: '${name}' is unknown`);
  }
  const mode = (options.get('mode') ?? 'rfc4648').toLowerCase();
  if (!['rfc4648', 'rfc2045', 'strict'].includes(mode)) throw new RuleError(`from_base64: mode ${mode} is unknown`);
  const offset = parseNumber(options.get('offset') ?? '0', 'offset', 0, 65_535);
  const count = parseNumber(options.get('bytes') ?? '0', 'bytes', 0);
  return (bytes) => {
    const encoded = bytes.subarray(offset, count === 0 ? undefined : offset + count);
    const isForeign = mode !== 'rfc2045' && /[^A-Za-z0-9+/=]/.test(encoded.toString('latin1'));
    if (isForeign && mode === 'strict') return undefined;
    const decoded = decodeBase64(encoded);
    return decoded.length === 0 ? undefined : decoded;
  };
}

/** `subslice:offset[,length]`; negative numbers count from the end. */
function createSubslice(value: string): Apply {
  const parts = value.split(',').map((part) => part.trim());
  const start = parseNumber(parts[0] ?? '', 'subslice: offset', -65_535, 65_535);
  const length = parts[1] === undefined ? undefined : parseNumber(parts[1], 'subslice: length', -65_535, 65_535);
  return (bytes) => {
    const from = start < 0 ? Math.max(0, bytes.length + start) : start;
    if (from >= bytes.length) return undefined;
    const to = length === undefined ? bytes.length : length < 0 ? bytes.length + length : from + length;
    return to <= from ? undefined : bytes.subarray(from, to);
  };
}
