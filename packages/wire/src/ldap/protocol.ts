import { draft } from '../datagram-room.ts';
import { defineFramedRoom, type MessageReader } from '../framed-room.ts';
import { tellNtlm } from '../ntlm/parse.ts';
import { type Outcome, pairingReader } from '../pairing-reader.ts';
import type { EvidenceDraft, ParserContext, ProtocolRecord } from '../protocol.ts';
import { LdapExchanges } from './exchanges.ts';
import { GOOD_RESULTS, RESULTS } from './operations.ts';
import { isLdap, type LdapMessage, ldapStartsAt, parseLdap } from './parse.ts';
import { ldapView } from './views.ts';

const SEQUENCE = 0x30;
const MAXIMUM_MESSAGE = 16 * 1024 * 1024;
/** Nothing answers these (RFC 4511 §4.3, §4.11). */
const WITHOUT_ANSWER = new Set(['unbind', 'abandon']);

/** An operation with its result, or what the server says of itself. */
export interface LdapRecord extends ProtocolRecord {
  readonly protocol: 'ldap';
  /** `bind`, `search`, `start-tls` …, `root-entry`. */
  readonly activity: string;
  readonly authentication: string;
  readonly scope: string;
  readonly isRootSearch: boolean;
  readonly attributes: readonly string[];
  readonly outcome: Outcome | undefined;
  readonly result: string;
  readonly server: readonly string[];
  readonly durationMs: number | undefined;
}

function join(request: LdapMessage | undefined, answer: LdapMessage | undefined, durationMs?: number): LdapRecord {
  const activity = request?.operation ?? answer?.operation ?? '';
  const isAlone = WITHOUT_ANSWER.has(activity) || activity === 'root-entry';
  const isGood = answer !== undefined && GOOD_RESULTS.has(answer.resultCode);
  const outcome = answer === undefined ? 'unanswered' : isGood ? 'success' : 'failure';
  return {
    protocol: 'ldap',
    activity,
    authentication: request?.authentication ?? '',
    scope: request?.scope ?? '',
    isRootSearch: request?.isRootSearch ?? false,
    attributes: request?.attributes ?? [],
    outcome: isAlone ? undefined : outcome,
    result: answer === undefined || isAlone ? '' : (RESULTS[answer.resultCode] ?? `result-${answer.resultCode}`),
    server: answer?.server ?? [],
    durationMs,
  };
}

function createReader(): MessageReader<LdapRecord> {
  let startTlsId: number | undefined;
  const exchanges = new LdapExchanges();
  const pairs = pairingReader<LdapMessage, LdapRecord>({
    parse: parseLdap,
    isRequest: ({ isRequest }) => isRequest,
    keyOf: ({ id, operation }) => (WITHOUT_ANSWER.has(operation) || operation === 'root-entry' ? undefined : id),
    join,
  })();
  return {
    message(bytes, direction, context) {
      const message = parseLdap(bytes);
      if (message?.operation === 'bind') tellNtlm(bytes, 'ldap', direction, context as ParserContext);
      if (context.inspect !== undefined) {
        const view = ldapView(bytes);
        if (view !== undefined) context.inspect(direction, view);
      }
      pairs.message(bytes, direction, context);
      if (context.detail !== undefined) exchanges.message(bytes, direction, context);
      if (message?.operation === 'start-tls') startTlsId = message.id;
      const isAgreed = message?.isRequest === false && message.id === startTlsId && message.resultCode === 0;
      if (isAgreed) context.handOver('tls');
      return !isAgreed;
    },
    end(context) {
      pairs.end?.(context);
      exchanges.end(context);
    },
  };
}

/** Outer sequence: tag, length of one byte or of up to four behind it (X.690 §8.1.3). */
function messageLength(header: Uint8Array): number | 'more' | undefined {
  const [tag, first = 0] = header;
  if (tag !== SEQUENCE) return undefined;
  if (first < 0x80) return first >= 5 ? first + 2 : undefined;
  const count = first & 0x7f;
  if (count === 0 || count > 4) return undefined;
  if (header.length < 2 + count) return 'more';
  let length = 0;
  for (let index = 0; index < count; index++) length = length * 256 + (header[2 + index] ?? 0);
  return length >= 5 && length <= MAXIMUM_MESSAGE ? length + 2 + count : undefined;
}

export const ldap = defineFramedRoom<LdapRecord>({
  id: 'ldap',
  title: 'LDAP',
  standards: ['RFC 4511 §4 (messages), appendix A (results)', 'RFC 4512 §5.1 (root entry)', 'MS-ADTS §6.3.3 (CLDAP)'],
  transports: ['tcp', 'udp'],
  usualPorts: [389, 3268],
  firstBytes: [SEQUENCE],
  headerBytes: 2,
  maximumBytes: 8192,
  messageLength,
  startsAt: ldapStartsAt,
  recognise: (message) => (message.length < 10 ? 'undecided' : isLdap(message) ? 'match' : 'reject'),
  createReader,
  evidence: ldapEvidence,
});

function ldapEvidence({ activity, authentication, outcome, server }: LdapRecord): readonly EvidenceDraft[] {
  const isBound = activity === 'bind' && outcome === 'success';
  return [
    ...(isBound ? draft('ldap.authentication', authentication, 'server') : []),
    ...(isBound && authentication === 'simple' ? draft('ldap.clear-text-login', 'true', 'server') : []),
    ...(outcome === 'success' && activity === 'start-tls' ? draft('ldap.starttls', 'true', 'server') : []),
    ...server.flatMap((fact) => draft('ldap.server', fact, 'server')),
  ];
}
