import { draft } from '../datagram-room.ts';
import { defineFramedRoom } from '../framed-room.ts';
import { INTERFACES } from './interfaces.ts';
import { fragmentLength, HEADER_BYTES, parseDatagramPdu } from './parse.ts';
import { createRpcReader } from './reader.ts';
import type { DcerpcRecord } from './types.ts';

/** More than the fragments that Windows and Samba send. */
const READ_BYTES = 8192;
/** Of integers, with characters of ASCII and floats of IEEE (C706 §14.1). */
const LITTLE_ENDIAN = 0x10;

export const dcerpc = defineFramedRoom<DcerpcRecord>({
  id: 'dce-rpc',
  title: 'DCE/RPC',
  standards: [
    'Open Group C706 §12 (PDUs), §14 (representation)',
    'MS-RPCE §2.2',
    'IEC 61158-6-10 (PROFINET context management)',
  ],
  transports: ['tcp', 'udp'],
  usualPorts: [135, 34964],
  firstBytes: [4, 5],
  headerBytes: HEADER_BYTES,
  maximumBytes: READ_BYTES,
  messageLength: (header, _direction, transport) => {
    if (transport === 'tcp') return fragmentLength(header);
    return parseDatagramPdu(header) === undefined ? undefined : header.length;
  },
  recognise: (message, { transport }) => {
    if (transport === 'tcp') return 'match';
    const uuid = parseDatagramPdu(message)?.interfaces.get(0) ?? '';
    const isSound = (message[3] ?? 255) <= 0x0f && ((message[4] ?? 255) & 0xef) === 0;
    return uuid in INTERFACES || (isSound && message[5] === 0 && (message[78] ?? 255) <= 1) ? 'match' : 'reject';
  },
  // Only what little-endian machines send, which is nearly everything: zeros alone are too little to be sure.
  startsAt: (bytes, offset) => {
    if (bytes[offset] !== 5) return 'reject';
    if (bytes.length < offset + HEADER_BYTES) return 'undecided';
    const header = bytes.subarray(offset, offset + HEADER_BYTES);
    return header[4] === LITTLE_ENDIAN && fragmentLength(header) !== undefined ? 'match' : 'reject';
  },
  createReader: () => createRpcReader(),
  evidence: ({ activity, interfaces, outcome }) =>
    activity === 'bind' && outcome === 'success'
      ? interfaces.flatMap((name) => draft('dce-rpc.interface', name, 'server'))
      : [],
});
