import { word32 } from '../bytes/match.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom } from '../framed-room.ts';
import { type Outcome, pairingReader } from '../pairing-reader.ts';
import type { EvidenceDraft, ProtocolRecord } from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';
import { ERRORS, MESSAGE_TYPES } from './names.ts';
import { type KerberosMessage, parseKerberos } from './parse.ts';

const APPLICATION_TAG = 0x60;
const LENGTH_BYTES = 4;
const MAXIMUM_MESSAGE = 64 * 1024;
const SAMPLE_BYTES = 512;
const PREAUTHENTICATION_REQUIRED = 25;
/** Encryption that is broken or on its way out (RFC 6649, RFC 8429). */
const WEAK = /^(?:des|rc4)/;

/** A request to a key distribution centre with its answer. */
export interface KerberosRecord extends ProtocolRecord {
  readonly protocol: 'kerberos';
  /** `as` (first ticket), `tgs` (ticket for a service), `ap` (use of a ticket). */
  readonly activity: string;
  readonly realm: string;
  readonly service: string;
  /** Offered by the client. */
  readonly encryptionTypes: readonly string[];
  /** Of the ticket that was given. */
  readonly ticketEncryption: string;
  readonly hasPreAuthentication: boolean;
  readonly outcome: Outcome;
  readonly error: string;
  readonly durationMs: number | undefined;
}

function join(request: KerberosMessage | undefined, answer: KerberosMessage | undefined, durationMs?: number) {
  const isError = answer?.type === 'error';
  const error = isError ? (ERRORS[answer.errorCode] ?? `error-${answer.errorCode}`) : '';
  const record: KerberosRecord = {
    protocol: 'kerberos',
    activity: (request ?? answer)?.type.replace(/-(?:request|reply)$/, '') ?? '',
    realm: request?.realm || answer?.realm || '',
    service: request?.service || answer?.service || '',
    encryptionTypes: request?.encryptionTypes ?? [],
    ticketEncryption: isError ? '' : (answer?.encryptionTypes[0] ?? ''),
    hasPreAuthentication: request?.hasPreAuthentication ?? false,
    outcome:
      answer === undefined
        ? 'unanswered'
        : isError && answer.errorCode !== PREAUTHENTICATION_REQUIRED
          ? 'failure'
          : 'success',
    error,
    durationMs,
  };
  return record;
}

export const kerberos = defineFramedRoom<KerberosRecord>({
  id: 'kerberos',
  title: 'Kerberos 5',
  standards: ['RFC 4120 §5 (messages), §7.2 (transports), §7.5.9 (errors)', 'RFC 3961 §8 (encryption types)'],
  transports: ['tcp', 'udp'],
  usualPorts: [88],
  headerBytes: LENGTH_BYTES + 1,
  maximumBytes: 16 * 1024,
  messageLength: (header, _direction, transport) => {
    if (transport === 'udp') return (header[0] ?? 0) in MESSAGE_TYPES ? header.length : undefined;
    const length = word32(header, 0);
    return (header[LENGTH_BYTES] ?? 0) in MESSAGE_TYPES && length <= MAXIMUM_MESSAGE
      ? length + LENGTH_BYTES
      : undefined;
  },
  recognise: (message, { transport }) => {
    const body = transport === 'tcp' ? message.subarray(LENGTH_BYTES) : message;
    // Too long for the sample: application tag, its length in two bytes, the sequence inside with its own.
    const isBegun = body[1] === 0x82 && body[4] === 0x30 && body[5] === 0x82;
    const isCut = body.length >= SAMPLE_BYTES - LENGTH_BYTES;
    return (isCut && isBegun) || parseKerberos(body) !== undefined
      ? 'match'
      : transport === 'tcp'
        ? 'undecided'
        : 'reject';
  },
  createReader: pairingReader<KerberosMessage, KerberosRecord>({
    parse: (message, _direction, context) =>
      parseKerberos(context.transport === 'tcp' ? message.subarray(LENGTH_BYTES) : message),
    isRequest: ({ type }) => type.endsWith('-request'),
    // A connection to a key distribution centre carries one request at a time.
    keyOf: () => 'request',
    join,
    view: ({ type, service, errorCode }, message) => {
      // The application tag of a message is its type (RFC 4120 §5.10).
      const body = (message[0] ?? 0) < APPLICATION_TAG ? message[LENGTH_BYTES] : message[0];
      return transactionView(
        'kerberos',
        { 'krb5.sname': service },
        { krb5_err_code: type === 'error' ? errorCode : undefined, krb5_msg_type: (body ?? 0) & 0x1f },
      );
    },
  }),
  evidence: kerberosEvidence,
});

function kerberosEvidence(record: KerberosRecord): readonly EvidenceDraft[] {
  const { outcome, error, realm, ticketEncryption, activity } = record;
  const isCentre = outcome !== 'unanswered' && activity !== 'ap';
  const isWeak = WEAK.test(ticketEncryption);
  return [
    ...(isCentre ? draft('kerberos.realm', realm, 'server') : []),
    ...(isWeak ? draft('kerberos.weak-encryption', ticketEncryption, 'server') : []),
    ...(error === '' &&
    activity === 'as' &&
    outcome === 'success' &&
    !record.hasPreAuthentication &&
    ticketEncryption !== ''
      ? draft('kerberos.without-pre-authentication', 'true', 'server')
      : []),
  ];
}
