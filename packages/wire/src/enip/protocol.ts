import { littleWord16, littleWord32 } from '../bytes/match.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom } from '../framed-room.ts';
import type { TransactionView } from '../inspector.ts';
import { type Outcome, pairingReader } from '../pairing-reader.ts';
import type { EvidenceDraft, ProtocolRecord } from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';
import { type EnipMessage, HEADER_BYTES, type Identity, parseEnip } from './parse.ts';
import { COMMANDS, SERVICES, STATUSES } from './services.ts';

const PORT = 44818;
const REGISTER_SESSION = 0x65;

/** One request with its answer. */
export interface EnipRecord extends ProtocolRecord {
  readonly protocol: 'enip';
  readonly activity: 'transaction';
  readonly command: string;
  /** CIP service inside, by name where it is known; empty where there is none. */
  readonly service: string;
  readonly classId: number;
  readonly outcome: Outcome;
  /** Status of the encapsulation and general status of CIP; 0 is success. */
  readonly status: number;
  readonly generalStatus: number;
  readonly identity: Identity | undefined;
  readonly durationMs: number | undefined;
}

function join(request: EnipMessage | undefined, answer: EnipMessage | undefined, durationMs?: number): EnipRecord {
  const { command = 0 } = request ?? answer ?? {};
  const service = request?.service ?? answer?.service ?? -1;
  const isFailure = answer !== undefined && (answer.status !== 0 || answer.generalStatus !== 0);
  return {
    protocol: 'enip',
    activity: 'transaction',
    command: COMMANDS[command] ?? '',
    service: service < 0 ? '' : (SERVICES[service] ?? `service-${service}`),
    classId: request?.classId ?? -1,
    outcome: answer === undefined ? 'unanswered' : isFailure ? 'failure' : 'success',
    status: answer?.status ?? 0,
    generalStatus: answer?.generalStatus ?? 0,
    identity: answer?.identity,
    durationMs,
  };
}

function view({ command, status, session, service, generalStatus, classId, identity }: EnipMessage): TransactionView {
  const isCip = service >= 0;
  return transactionView(
    'enip',
    { 'enip.product_name': identity?.productName },
    {
      'enip.command': command,
      'enip.status': status,
      'enip.session': session,
      cip_service: isCip ? service : undefined,
      'enip.cip_status': isCip ? generalStatus : undefined,
      'enip.cip_class': classId < 0 ? undefined : classId,
      'enip.vendor_id': identity?.vendorId,
      'enip.device_type': identity?.deviceType,
      'enip.product_code': identity?.productCode,
      'enip.serial': identity === undefined ? undefined : Number.parseInt(identity.serial, 16),
    },
  );
}

export const enip = defineFramedRoom<EnipRecord>({
  id: 'enip',
  title: 'EtherNet/IP and CIP',
  standards: ['CIP Networks Library volume 2 §2-3, §2-4, §2-6', 'CIP Networks Library volume 1 appendices A, B, C'],
  transports: ['tcp', 'udp'],
  usualPorts: [PORT],
  headerBytes: HEADER_BYTES,
  maximumBytes: 4096,
  messageLength: (header) => {
    const isCommand = littleWord16(header, 0) in COMMANDS && STATUSES.has(littleWord32(header, 8));
    // Options are always zero: a receiver discards anything else (§2-3.6).
    return isCommand && littleWord32(header, 20) === 0 ? HEADER_BYTES + littleWord16(header, 2) : undefined;
  },
  recognise: (message, { serverPort, clientPort }) => {
    if (serverPort === PORT || clientPort === PORT) return 'match';
    const isRegistration = littleWord16(message, 0) === REGISTER_SESSION && littleWord16(message, 2) === 4;
    return isRegistration && littleWord16(message, 24) === 1 ? 'match' : 'reject';
  },
  createReader: pairingReader<EnipMessage, EnipRecord>({
    parse: (message, direction) => parseEnip(message, direction === 'to-server'),
    isRequest: (message) => message.isRequest,
    // Nothing answers a NOP or the end of a session (§2-4.1, §2-4.5).
    keyOf: ({ command, key }) => (command === 0 || command === 0x66 ? undefined : key),
    join,
    view,
  }),
  evidence: enipEvidence,
});

function enipEvidence({ identity, service, outcome }: EnipRecord): readonly EvidenceDraft[] {
  const isWrite = outcome === 'success' && /^(?:set-|write-|reset|start|stop|create|delete)/.test(service);
  const write = isWrite ? draft('ot.control-accepted', service, 'server') : [];
  if (identity === undefined) return write;
  return [
    ...draft('enip.product', identity.productName, 'server'),
    ...draft('enip.revision', identity.revision, 'server'),
    ...draft('enip.serial', identity.serial, 'server'),
    ...draft('enip.vendor-id', String(identity.vendorId), 'server'),
    ...write,
  ];
}
