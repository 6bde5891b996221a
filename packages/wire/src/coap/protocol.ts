import { draft } from '../datagram-room.ts';
import { defineFramedRoom } from '../framed-room.ts';
import { type Outcome, pairingReader } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';
import { type CoapMessage, parseCoap } from './parse.ts';

const PORT = 5683;
const SUCCESS_CLASS = 2;

/** A request with its answer, or an empty message. */
export interface CoapRecord extends ProtocolRecord {
  readonly protocol: 'coap';
  readonly activity: 'transaction' | 'empty';
  readonly method: string;
  readonly type: CoapMessage['type'];
  readonly outcome: Outcome | undefined;
  /** Code of the answer: `2.05`. */
  readonly status: string;
  /** How many segments the path has; the path itself may name a person or a reading. */
  readonly pathSegments: number;
  /** Content format of the answer (RFC 7252 §12.3); −1 where none is given. */
  readonly contentFormat: number;
  readonly durationMs: number | undefined;
}

function join(request: CoapMessage | undefined, answer: CoapMessage | undefined, durationMs?: number): CoapRecord {
  const message = request ?? answer;
  const isEmpty = message?.kind === 'empty';
  const outcome = answer === undefined ? 'unanswered' : answer.codeClass === SUCCESS_CLASS ? 'success' : 'failure';
  return {
    protocol: 'coap',
    activity: isEmpty ? 'empty' : 'transaction',
    method: request?.kind === 'request' ? request.code : '',
    type: message?.type ?? 'reset',
    outcome: isEmpty ? undefined : outcome,
    status: answer?.code ?? '',
    pathSegments: request?.pathSegments ?? 0,
    contentFormat: answer?.contentFormat ?? -1,
    durationMs,
  };
}

export const coap = defineFramedRoom<CoapRecord>({
  id: 'coap',
  title: 'CoAP',
  standards: ['RFC 7252 §3 (message format), §5.8 to §5.9 (codes), §12 (registries)', 'RFC 8132 (FETCH, PATCH)'],
  transports: ['udp'],
  usualPorts: [PORT],
  headerBytes: 4,
  maximumBytes: 1500,
  messageLength: (message) => (((message[0] ?? 0) & 0xc0) === 0x40 ? message.length : undefined),
  // Elsewhere than on its port, only a request that names a resource is sure enough.
  recognise: (bytes, { serverPort, clientPort }) => {
    const message = parseCoap(bytes);
    if (message === undefined) return 'reject';
    if (serverPort === PORT || clientPort === PORT) return 'match';
    return message.kind === 'request' && message.pathSegments > 0 ? 'match' : 'reject';
  },
  createReader: pairingReader<CoapMessage, CoapRecord>({
    parse: parseCoap,
    isRequest: ({ kind }) => kind !== 'response',
    keyOf: ({ kind, token }) => (kind === 'empty' ? undefined : token),
    join,
  }),
  evidence: ({ status }) => (status === '' ? [] : draft('coap.server', 'true', 'server')),
});
