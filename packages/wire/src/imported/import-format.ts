import { word16 } from '../bytes/match.ts';
import { isAwsFlowLog } from './cloud/aws.ts';
import { isFields, parseFields } from './field.ts';

/** What a file or stream holds, by its first bytes. */
export type ImportFormat = 'capture' | 'eve' | 'zeek' | 'ipfix' | 'aws-flow-log' | 'azure-flow-log';

const LF = 10;
/** First lines longer than this tell nothing more. */
const MAXIMUM_HEAD_BYTES = 1 << 20;
/** Azure writes one document, in one line or in many. */
const AZURE_HEAD = '{"records":[';
const MAXIMUM_AZURE_HEAD = 256;
/** Magic numbers of pcap, in both byte orders and with nanoseconds, of its modified form, and of pcapng. */
const CAPTURE_MAGICS: ReadonlySet<number> = new Set([
  0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0xa1b2cd34, 0x34cdb2a1, 0x0a0d0d0a,
]);
/** RFC 7011 §3.1: version 10, then the length of the message, which is at least that of its header. */
const IPFIX_VERSION = 10;
const IPFIX_HEADER_BYTES = 16;

/**
 * Tells by content what an input holds.
 *
 * @param head the first bytes, decompressed
 * @param isWhole nothing follows behind `head`
 * @returns `undecided` when more bytes are needed, undefined when it is nothing that can be read
 */
export function detectImportFormat(head: Uint8Array, isWhole: boolean): ImportFormat | 'undecided' | undefined {
  if (head.length < 4) return isWhole ? undefined : 'undecided';
  const magic = (word16(head, 0) * 0x10000 + word16(head, 2)) >>> 0;
  if (CAPTURE_MAGICS.has(magic)) return 'capture';
  if (word16(head, 0) === IPFIX_VERSION && word16(head, 2) >= IPFIX_HEADER_BYTES) return 'ipfix';
  // A log is text: no control characters but white space, checked early so that a film is not searched for a line end.
  if (head.subarray(0, 64).some((byte) => byte < 32 && !isWhiteSpace(byte))) return undefined;
  return textFormat(head, isWhole);
}

function textFormat(head: Uint8Array, isWhole: boolean): ImportFormat | 'undecided' | undefined {
  const text = Buffer.from(head.buffer, head.byteOffset, head.length)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  const start = text.slice(0, MAXIMUM_AZURE_HEAD).replaceAll(/\s/g, '');
  if (start.startsWith(AZURE_HEAD)) return 'azure-flow-log';
  if (!isWhole && AZURE_HEAD.startsWith(start)) return 'undecided';
  const isLineWhole = isWhole || head.length >= MAXIMUM_HEAD_BYTES || text.includes(String.fromCharCode(LF));
  if (!isLineWhole) return 'undecided';
  const [line = ''] = text.split('\n', 1);
  if (line.startsWith('#separator') || line.startsWith('#fields')) return 'zeek';
  if (isAwsFlowLog(line)) return 'aws-flow-log';
  return jsonFormat(line);
}

function jsonFormat(line: string): ImportFormat | undefined {
  const entry = parseFields(line);
  if (!isFields(entry)) return undefined;
  if ('event_type' in entry) return 'eve';
  return 'id.orig_h' in entry || '_path' in entry || 'ts' in entry ? 'zeek' : undefined;
}

function isWhiteSpace(byte: number): boolean {
  return byte === LF || byte === 13 || byte === 9;
}
