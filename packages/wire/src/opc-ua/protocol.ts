import { littleWord32 } from '../bytes/match.ts';
import { latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom, type MessageReader } from '../framed-room.ts';
import { type Outcome, pairingReader } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';
import { HEADER_BYTES, MESSAGE_TYPES, type OpcUaMessage, parseOpcUa } from './parse.ts';

const MAXIMUM_CHUNK = 16 * 1024 * 1024;
const READ_BYTES = 2048;

/** A request with its answer; the opening of the connection and of its secure channel are transactions too. */
export interface OpcUaRecord extends ProtocolRecord {
  readonly protocol: 'opc-ua';
  /** `hello`, `open-secure-channel`, `message`, `error` … */
  readonly activity: string;
  readonly endpoint: string;
  readonly securityPolicy: string;
  /** Service that was asked for, where the channel is in clear: `read-request` … */
  readonly service: string;
  readonly outcome: Outcome;
  /** Status code; 0 is good. */
  readonly status: number;
  readonly durationMs: number | undefined;
}

function join(request: OpcUaMessage | undefined, answer: OpcUaMessage | undefined, durationMs?: number): OpcUaRecord {
  const status = answer?.status ?? 0;
  return {
    protocol: 'opc-ua',
    activity: request?.type ?? answer?.type ?? '',
    endpoint: request?.endpoint ?? '',
    securityPolicy: answer?.securityPolicy || request?.securityPolicy || '',
    service: request?.service || answer?.service || '',
    outcome: answer === undefined ? 'unanswered' : status === 0 ? 'success' : 'failure',
    status,
    durationMs,
  };
}

/** An acknowledgement or an error answers the hello; a channel is opened one at a time; messages have an id. */
function keyOf({ type, requestId }: OpcUaMessage): string | undefined {
  if (type === 'message') return `message ${requestId}`;
  if (type === 'hello' || type === 'acknowledge' || type === 'error') return 'hello';
  return type === 'open-secure-channel' ? type : undefined;
}

/** Knows whether the secure channel is in clear. */
function createReader(): MessageReader<OpcUaRecord> {
  let isClear = false;
  return pairingReader<OpcUaMessage, OpcUaRecord>({
    parse: (chunk, direction) => {
      const message = parseOpcUa(chunk, direction === 'to-server', isClear);
      if (message?.type === 'open-secure-channel') isClear = message.securityPolicy === 'None';
      return message;
    },
    isRequest: ({ isRequest }) => isRequest,
    keyOf,
    join,
    view: ({ service, securityPolicy, status }) =>
      transactionView(
        'opc-ua',
        { 'opc-ua.service': service, 'opc-ua.security_policy': securityPolicy },
        { 'opc-ua.status': status },
      ),
  })();
}

export const opcUa = defineFramedRoom<OpcUaRecord>({
  id: 'opc-ua',
  title: 'OPC UA',
  standards: [
    'OPC 10000-6 §5.2 (encoding), §6.7 (secure conversation), §7.1 (connection protocol), annex A (node ids)',
  ],
  transports: ['tcp'],
  usualPorts: [4840],
  firstBytes: [0x48, 0x41, 0x45, 0x52, 0x4f, 0x43, 0x4d],
  headerBytes: HEADER_BYTES,
  maximumBytes: READ_BYTES,
  messageLength: (header) => {
    const length = littleWord32(header, 4);
    const isType = latin1(header, 0, 3) in MESSAGE_TYPES && /[FCA]/.test(latin1(header, 3, 4));
    return isType && length >= HEADER_BYTES && length <= MAXIMUM_CHUNK ? length : undefined;
  },
  recognise: () => 'match',
  createReader,
  evidence: ({ endpoint, securityPolicy, outcome }) =>
    outcome === 'unanswered'
      ? []
      : [...draft('opc-ua.endpoint', endpoint, 'server'), ...draft('opc-ua.security-policy', securityPolicy, 'server')],
});
