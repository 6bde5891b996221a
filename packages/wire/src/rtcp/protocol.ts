import { word16, word32 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { defineDatagramRoom, draft } from '../datagram-room.ts';
import type { ProtocolRecord } from '../protocol.ts';

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
const LAST_TYPE = 207;
const TOOL = 6;
const MAXIMUM_PACKETS = 8;
const SAMPLE_BYTES = 512;

/** Reports of one end of a media session. Names and addresses of persons in descriptions are never read. */
export interface RtcpRecord extends ProtocolRecord {
  readonly protocol: 'rtcp';
  readonly activity: 'sender-report' | 'receiver-report';
  /** Share of packets lost as the first report block tells it, of 256; −1 without one. */
  readonly fractionLost: number;
  /** Cumulative packets lost; −1 without a block. */
  readonly packetsLost: number;
  /** Variation of arrival in units of the media clock; −1 without a block. */
  readonly jitter: number;
  readonly tool: string;
}

/** RFC 3550 §6.1: a compound packet begins with a report, and its parts fill the datagram. */
export function parseRtcp(bytes: Uint8Array): RtcpRecord | undefined {
  const type = bytes[1] ?? 0;
  if ((type !== SENDER_REPORT && type !== RECEIVER_REPORT) || bytes.length < 8) return undefined;
  let tool = '';
  let offset = 0;
  for (let count = 0; offset < bytes.length && count < MAXIMUM_PACKETS; count++) {
    const kind = bytes[offset + 1] ?? 0;
    const isPacket = (bytes[offset] ?? 0) >>> 6 === 2 && kind >= SENDER_REPORT && kind <= LAST_TYPE;
    const length = (word16(bytes, offset + 2) + 1) * 4;
    if (!isPacket || (offset + length > bytes.length && bytes.length !== SAMPLE_BYTES)) return undefined;
    if (kind === SOURCE_DESCRIPTION) tool = toolIn(bytes.subarray(offset + 8, offset + length));
    offset += length;
  }
  const hasBlock = ((bytes[0] ?? 0) & 31) > 0;
  // Sender information has twenty bytes; a block is identifier, fraction, count, sequence, jitter (§6.4.1).
  const block = type === SENDER_REPORT ? 28 : 8;
  const lost = word32(bytes, block + 4);
  return {
    protocol: 'rtcp',
    activity: type === SENDER_REPORT ? 'sender-report' : 'receiver-report',
    fractionLost: hasBlock ? lost >>> 24 : -1,
    packetsLost: hasBlock ? lost & 0xffffff : -1,
    jitter: hasBlock ? word32(bytes, block + 12) : -1,
    tool,
  };
}

/** §6.5: kind, length, text; kind 0 ends. */
function toolIn(items: Uint8Array): string {
  for (let offset = 0; offset + 2 <= items.length && items[offset] !== 0; ) {
    const length = items[offset + 1] ?? 0;
    if (items[offset] === TOOL) return cleanText(latin1(items, offset + 2, offset + 2 + length), 64);
    offset += 2 + length;
  }
  return '';
}

export const rtcp = defineDatagramRoom<RtcpRecord>({
  id: 'rtcp',
  title: 'RTCP',
  standards: ['RFC 3550 §6 (reports and descriptions)'],
  usualPorts: [5005],
  firstBytes: Array.from({ length: 64 }, (_, index) => 0x80 + index),
  parse: parseRtcp,
  evidence: ({ tool }) => draft('rtcp.tool', tool, 'client'),
});
