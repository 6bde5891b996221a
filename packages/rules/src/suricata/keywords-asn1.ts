import type { KeywordTable, RuleBuilder } from './rule-builder.ts';
import { needValue, parseNumber, RuleError } from './rule-error.ts';

const MAXIMUM_FRAMES = 256;
const BIT_STRING = 3;
const REAL = 9;

/** What `asn1` asks of a chain of ASN.1 values (X.690 §8.1; Suricata user guide, "asn1"). */
interface Asn1Test {
  readonly oversizeLength: number | undefined;
  readonly isBitStringOverflow: boolean;
  readonly isDoubleOverflow: boolean;
}

interface Asn1Value {
  readonly tag: number;
  readonly isUniversal: boolean;
  readonly isConstructed: boolean;
  readonly contentAt: number;
  readonly length: number;
}

function readValue(bytes: Uint8Array, at: number): Asn1Value | undefined {
  const identifier = bytes[at];
  let next = at + 1;
  if (identifier === undefined) return undefined;
  let tag = identifier & 0x1f;
  if (tag === 0x1f) {
    tag = 0;
    for (let more = true; more; next++) {
      const byte = bytes[next];
      if (byte === undefined || tag > 0xffff) return undefined;
      tag = tag * 128 + (byte & 0x7f);
      more = (byte & 0x80) !== 0;
    }
  }
  const first = bytes[next];
  if (first === undefined) return undefined;
  next += 1;
  let length = first;
  if ((first & 0x80) !== 0) {
    const count = first & 0x7f;
    if (count > 6 || next + count > bytes.length) return undefined;
    length = 0;
    for (let index = 0; index < count; index++) length = length * 256 + (bytes[next + index] ?? 0);
    next += count;
  }
  return {
    tag,
    isUniversal: identifier >>> 6 === 0,
    isConstructed: (identifier & 0x20) !== 0,
    contentAt: next,
    length,
  };
}

function isSuspicious(
  { tag, isUniversal, isConstructed, contentAt, length }: Asn1Value,
  bytes: Uint8Array,
  test: Asn1Test,
) {
  if (test.oversizeLength !== undefined && length > test.oversizeLength) return true;
  if (!isUniversal || isConstructed) return false;
  const first = bytes[contentAt] ?? 0;
  // X.690 §8.6.2: up to seven unused bits, and none of an empty string.
  if (test.isBitStringOverflow && tag === BIT_STRING && length > 0 && Math.ceil(first / 8) > length - 1) return true;
  // X.690 §8.5: a decimal encoding that is longer than the buffer of 256 bytes that vulnerable decoders had.
  return test.isDoubleOverflow && tag === REAL && length > 256 && (first & 0xc0) === 0;
}

function findSuspicious(bytes: Uint8Array, start: number, test: Asn1Test): boolean {
  let at = start;
  for (let count = 0; count < MAXIMUM_FRAMES && at < bytes.length; count++) {
    const value = readValue(bytes, at);
    if (value === undefined) return false;
    if (isSuspicious(value, bytes, test)) return true;
    at = value.isConstructed ? value.contentAt : value.contentAt + value.length;
  }
  return false;
}

function applyAsn1(builder: RuleBuilder, value: string | undefined, name: string): void {
  const parts = needValue(name, value)
    .split(/[,\s]+/)
    .filter((part) => part !== '');
  const numberBehind = (word: string) => {
    const at = parts.indexOf(word);
    return at < 0 ? undefined : parseNumber(parts[at + 1] ?? '', word, -65_535, 0xffff_ffff);
  };
  const known = ['oversize_length', 'bitstring_overflow', 'double_overflow', 'relative_offset', 'absolute_offset'];
  const unknown = parts.find((part) => !known.includes(part) && !/^-?\d+$/.test(part));
  if (unknown !== undefined) throw new RuleError(`asn1: '${unknown}' is unknown`);
  const test: Asn1Test = {
    oversizeLength: numberBehind('oversize_length'),
    isBitStringOverflow: parts.includes('bitstring_overflow'),
    isDoubleOverflow: parts.includes('double_overflow'),
  };
  const offset = numberBehind('relative_offset');
  const isRelative = offset !== undefined;
  const start = offset ?? numberBehind('absolute_offset') ?? 0;
  builder.addRelative(
    { kind: 'at', isRelative, test: (bytes, position) => findSuspicious(bytes, Math.max(0, position + start), test) },
    isRelative,
  );
}

/** An FTP `PORT` command that names another host than its sender (RFC 2577 §3). */
function applyFtpBounce(builder: RuleBuilder): void {
  builder.checks.push(({ payload, sourceIp }) => {
    const match = /PORT\s+(\d{1,3},\d{1,3},\d{1,3},\d{1,3}),\d{1,3},\d{1,3}/i.exec(payload?.text ?? '');
    return match?.[1] !== undefined && match[1].replaceAll(',', '.') !== sourceIp;
  });
}

/** Keywords for attacks on single decoders. */
export const DECODER_KEYWORDS: KeywordTable = {
  asn1: { summary: 'ASN.1 values that overflow decoders', apply: applyAsn1 },
  ftpbounce: { summary: 'FTP PORT that names another host', apply: applyFtpBounce },
};
