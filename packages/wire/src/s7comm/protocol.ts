import { word16 } from '../bytes/match.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom } from '../framed-room.ts';
import { type Outcome, pairingReader } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';
import { isS7, parseS7, type S7Message, TPKT_BYTES } from './parse.ts';

/** Functions of jobs and answers. */
const FUNCTIONS: Readonly<Record<number, string>> = {
  0: 'cpu-services',
  4: 'read',
  5: 'write',
  26: 'request-download',
  27: 'download-block',
  28: 'download-ended',
  29: 'start-upload',
  30: 'upload',
  31: 'end-upload',
  40: 'start-or-service',
  41: 'stop',
  240: 'setup-communication',
};
/** Functions that change the controller or its process. */
const WRITES = new Set([5, 26, 27, 28, 40, 41]);

/** A job with its answer. */
export interface S7Record extends ProtocolRecord {
  readonly protocol: 's7comm';
  readonly activity: 'connect' | 'job' | 'user-data' | 's7-plus';
  readonly function: number;
  readonly functionName: string;
  readonly outcome: Outcome;
  /** Error class and code of an answer; 0 is success. */
  readonly error: number;
  /** Order number and names of the controller, from its system status lists. */
  readonly device: readonly string[];
  readonly durationMs: number | undefined;
}

function join(request: S7Message | undefined, answer: S7Message | undefined, durationMs?: number): S7Record {
  const { kind = 'job', function: code = -1 } = request ?? answer ?? {};
  const error = answer?.error ?? 0;
  return {
    protocol: 's7comm',
    activity: kind,
    function: code,
    functionName: FUNCTIONS[code] ?? '',
    outcome: answer === undefined ? 'unanswered' : error === 0 ? 'success' : 'failure',
    error,
    device: answer?.device ?? [],
    durationMs,
  };
}

export const s7comm = defineFramedRoom<S7Record>({
  id: 's7comm',
  title: 'S7 communication',
  standards: ['RFC 1006 §6 (TPKT)', 'ISO 8073 §13 (COTP)', 'S7 communication as Wireshark documents it (unpublished)'],
  transports: ['tcp'],
  usualPorts: [102],
  firstBytes: [3],
  headerBytes: TPKT_BYTES + 3,
  maximumBytes: 2048,
  messageLength: (header) => {
    const length = word16(header, 2);
    return header[0] === 3 && header[1] === 0 && length >= TPKT_BYTES + 3 ? length : undefined;
  },
  recognise: (packet) => (isS7(packet) ? 'match' : 'reject'),
  createReader: pairingReader<S7Message, S7Record>({
    parse: (packet, direction) => parseS7(packet, direction === 'to-server'),
    isRequest: ({ isRequest }) => isRequest,
    keyOf: ({ kind, reference }) => `${kind} ${reference}`,
    join,
    view: ({ device, function: code, error }) =>
      transactionView('s7comm', { 's7comm.device': device }, { 's7comm.function': code, 's7comm.error': error }),
  }),
  evidence: ({ device, outcome, function: code }) => [
    ...device.flatMap((value) => draft('s7comm.device', value, 'server')),
    ...(outcome === 'success' && WRITES.has(code) ? draft('ot.control-accepted', FUNCTIONS[code] ?? '', 'server') : []),
  ],
});
