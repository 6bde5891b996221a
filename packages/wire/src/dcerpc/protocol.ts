import { draft } from '../datagram-room.ts';
import { defineFramedRoom, type MessageReader } from '../framed-room.ts';
import { type Outcome, pairingReader } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';
import { INTERFACES } from './interfaces.ts';
import { fragmentLength, HEADER_BYTES, parseDatagramPdu, parsePdu, type RpcPdu } from './parse.ts';

const READ_BYTES = 1024;
const REQUESTS = new Set(['request', 'bind', 'alter-context']);
const FAILURES = new Set(['fault', 'bind-refusal', 'reject']);
const ANSWERS = new Set([
  'response',
  'fault',
  'bind-acknowledgement',
  'bind-refusal',
  'alter-context-response',
  'reject',
]);

/** A call or a bind with its answer. */
export interface DcerpcRecord extends ProtocolRecord {
  readonly protocol: 'dce-rpc';
  /** `bind`, `alter-context`, `request`. */
  readonly activity: string;
  /** Interfaces by name, or their UUID where they have none that is known. */
  readonly interfaces: readonly string[];
  readonly operation: number;
  readonly outcome: Outcome;
  readonly status: number;
  readonly isAuthenticated: boolean;
  readonly durationMs: number | undefined;
}

/** Knows which interface each context of a connection means. */
function createReader(): MessageReader<DcerpcRecord> {
  const contexts = new Map<number, string>();
  return pairingReader<RpcPdu, DcerpcRecord>({
    parse: (message, _direction, { transport }) => {
      const pdu = transport === 'tcp' ? parsePdu(message) : parseDatagramPdu(message);
      if (pdu === undefined || !pdu.isFirst || !(REQUESTS.has(pdu.type) || ANSWERS.has(pdu.type))) return undefined;
      for (const [id, uuid] of pdu.interfaces) if (contexts.size < 64) contexts.set(id, uuid);
      return pdu;
    },
    isRequest: ({ type }) => REQUESTS.has(type),
    keyOf: ({ callId }) => callId,
    join: (request, answer, durationMs) => {
      const asked = request === undefined ? [] : [...request.interfaces.values()];
      const ofCall = contexts.get(request?.contextId ?? answer?.contextId ?? -1);
      const uuids = asked.length > 0 ? asked : ofCall === undefined ? [] : [ofCall];
      return {
        protocol: 'dce-rpc',
        activity: request?.type ?? answer?.type ?? '',
        interfaces: uuids.map((uuid) => INTERFACES[uuid] ?? uuid),
        operation: request?.operation ?? -1,
        outcome: answer === undefined ? 'unanswered' : FAILURES.has(answer.type) ? 'failure' : 'success',
        status: answer?.status ?? 0,
        isAuthenticated: request?.hasAuthentication ?? false,
        durationMs,
      };
    },
    view: ({ type, operation, contextId }) =>
      transactionView(
        'dce-rpc',
        { 'dcerpc.iface': contexts.get(contextId) },
        { 'dcerpc.opnum': type === 'request' ? operation : undefined },
      ),
  })();
}

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
  createReader,
  evidence: ({ activity, interfaces, outcome }) =>
    activity === 'bind' && outcome === 'success'
      ? interfaces.flatMap((name) => draft('dce-rpc.interface', name, 'server'))
      : [],
});
