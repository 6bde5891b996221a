import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { formatIpv4 } from '../ip/address.ts';
import type { EvidenceDraft, Protocol, ProtocolRecord } from '../protocol.ts';

const ETHERTYPE_PROFINET = 0x8892;
/** Frame ids of DCP (IEC 61158-6-10 §4.3): hello, get/set, identify request, identify response. */
const FRAMES: Readonly<Record<number, DcpRecord['activity']>> = {
  65276: 'hello',
  65277: 'get-set',
  65278: 'identify-request',
  65279: 'identify-response',
};
const MAXIMUM_BLOCKS = 32;

export interface DcpRecord extends ProtocolRecord {
  readonly protocol: 'profinet-dcp';
  readonly activity: 'hello' | 'get-set' | 'identify-request' | 'identify-response';
  /** Identify responses have the transaction number of their request. */
  readonly transaction: number;
  readonly isResponse: boolean;
  readonly stationName: string;
  readonly stationType: string;
  /** Vendor and device id, hexadecimal. */
  readonly deviceId: string;
  readonly address: string;
}

/** IEC 61158-6-10 §4.3.1: frame id, service, type, transaction, delay, length; then option, suboption, length, block. */
export function parseDcp(bytes: Uint8Array): DcpRecord | undefined {
  const cursor = new ByteCursor(bytes);
  const activity = FRAMES[cursor.uint16()];
  cursor.skip(1);
  const isResponse = (cursor.uint8() & 1) === 1;
  const transaction = cursor.uint32();
  cursor.skip(2);
  const blocks = cursor.nested(cursor.uint16());
  if (activity === undefined || bytes.length < 12) return undefined;
  const facts = { stationName: '', stationType: '', deviceId: '', address: '' };
  for (let count = 0; blocks.remaining >= 4 && count < MAXIMUM_BLOCKS; count++) {
    const option = blocks.uint16();
    const length = blocks.uint16();
    const block = blocks.nested(length);
    if (length % 2 === 1) blocks.skip(1);
    if (isResponse) readBlock(option, block, facts);
  }
  return { protocol: 'profinet-dcp', activity, transaction, isResponse, ...facts };
}

/** A block of a response begins with two bytes of information. */
function readBlock(
  option: number,
  block: ByteCursor,
  facts: { stationName: string; stationType: string; deviceId: string; address: string },
): void {
  block.skip(2);
  const text = () => cleanText(latin1(block.slice(Math.max(0, block.remaining))), 240);
  if (option === 0x0201) facts.stationType = text();
  else if (option === 0x0202) facts.stationName = text();
  else if (option === 0x0203) facts.deviceId = Buffer.from(block.slice(4)).toString('hex');
  else if (option === 0x0102) facts.address = block.remaining >= 4 ? formatIpv4(block.uint32()) : '';
}

export const profinetDcp: Protocol<DcpRecord> = {
  id: 'profinet-dcp',
  title: 'PROFINET DCP',
  standards: ['IEC 61158-6-10 §4.3 (DCP)'],
  transports: ['ethernet'],
  etherTypes: [ETHERTYPE_PROFINET],
  usualPorts: [],
  isEncrypted: false,
  isClinical: false,
  detect: () => 'reject',
  parseDatagram: (payload, direction, context) => {
    const record = parseDcp(payload);
    if (record !== undefined) context.emit(record, direction);
  },
  evidence: dcpEvidence,
};

function dcpEvidence({ isResponse, stationName, stationType, deviceId }: DcpRecord): readonly EvidenceDraft[] {
  if (!isResponse) return [];
  const facts = [
    ['profinet.station-name', stationName],
    ['profinet.station-type', stationType],
    ['profinet.device-id', deviceId],
  ] as const;
  return facts.flatMap(([attribute, value]) => (value === '' ? [] : [{ attribute, value, about: 'client' as const }]));
}
