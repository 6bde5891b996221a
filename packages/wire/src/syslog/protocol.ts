import { readAuditMessage } from '../atna/message.ts';
import type { AtnaEvent } from '../atna/types.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import type {
  Detection,
  DetectionSample,
  Direction,
  ParserContext,
  Protocol,
  ProtocolRecord,
  StreamParser,
  StreamState,
} from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';
import { MAXIMUM_MESSAGE, SyslogSplitter } from './splitter.ts';

const PORTS = [514, 601, 1514];
const HEADER_BYTES = 300;
const MAXIMUM_PRIORITY = 191;
/** Priority; RFC 5424 §6.2: version, time, host, program, process, message id. */
const MODERN =
  /^<(\d{1,3})>1 (?:-|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32})(?: |$)/;
/** RFC 3164 §4.1.2: time, host, tag. */
const OLD =
  /^<(\d{1,3})>(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?(?: (?:[A-Z]{3,4}|\d{4}))? (\S{1,255}) )?([A-Za-z_][\w./-]{0,47})(?:\[\d+\])?:/;
const ANY = /^<(\d{1,3})>/;
const OLD_TIME = /^<\d{1,3}>(?:\d+: )?\*?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d/;
/** Length of a message over TCP, in front of it (RFC 6587 §3.4.1): the splitter takes it away, detection looks at it. */
const OCTET_COUNT = /^\d{1,6} (?=<)/;
/** Message ids of audit messages of health care (DICOM PS3.15 A.6, IHE ITI TF-2 §3.20.4.1.2.1). */
const AUDIT = /^(?:IHE\+RFC-3881|DICOM\+RFC3881)$/;

const FACILITIES = [
  'kernel',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'printer',
  'news',
  'uucp',
  'clock',
  'authpriv',
  'ftp',
  'ntp',
  'audit',
  'alert',
  'cron',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
];
const SEVERITIES = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'information', 'debug'];

/** The header of one message. What it says is never read: audit messages name patients. */
export interface SyslogRecord extends ProtocolRecord {
  readonly protocol: 'syslog';
  readonly activity: 'message' | 'audit-message';
  readonly format: 'rfc-5424' | 'rfc-3164';
  readonly facility: string;
  readonly severity: string;
  readonly host: string;
  readonly program: string;
}

/** @returns undefined for what does not begin with a priority */
export function parseSyslog(text: string): SyslogRecord | undefined {
  const priority = Number(ANY.exec(text)?.[1] ?? Number.NaN);
  if (!(priority <= MAXIMUM_PRIORITY)) return undefined;
  const modern = MODERN.exec(text);
  const [, , host = '', program = ''] = modern ?? OLD.exec(text) ?? [];
  return {
    protocol: 'syslog',
    activity: AUDIT.test(modern?.[5] ?? '') ? 'audit-message' : 'message',
    format: modern === null ? 'rfc-3164' : 'rfc-5424',
    facility: FACILITIES[priority >>> 3] ?? '',
    severity: SEVERITIES[priority & 7] ?? '',
    host: host === '-' ? '' : cleanText(host, 128),
    program: program === '-' ? '' : cleanText(program, 48),
  };
}

type SyslogRecords = SyslogRecord | AtnaEvent;

class SyslogParser implements StreamParser {
  readonly findsWayAgain = true;
  readonly #context: ParserContext<SyslogRecords>;
  readonly #messages = new SyslogSplitter();

  constructor(context: ParserContext<SyslogRecords>) {
    this.#context = context;
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    if (direction === 'to-client') return 'continue';
    for (const message of this.#messages.push(bytes)) tell(message, direction, this.#context);
    return 'continue';
  }

  gap(): StreamState {
    this.#messages.clear();
    return 'continue';
  }

  end(): void {}
}

/** Header of a message, and what an audit message of care in it says. */
function tell(text: string, direction: Direction, context: ParserContext<SyslogRecords>): void {
  const record = parseSyslog(text.slice(0, HEADER_BYTES));
  if (record === undefined) return;
  const event = readAuditMessage(text);
  context.emit(event === undefined ? record : { ...record, activity: 'audit-message' }, direction);
  if (event === undefined) return;
  if (context.inspect !== undefined) {
    const words = { 'atna.event': event.event, 'atna.type': event.types, 'atna.action': event.action };
    context.inspect(direction, transactionView('atna', { ...words, 'atna.outcome': event.outcome }));
  }
  context.emit(event, direction);
}

/** A priority proves little: a time must follow, or the usual port agree. */
function detectSyslog({ transport, toServer, toClient, serverPort, clientPort }: DetectionSample): Detection {
  const bytes = toServer.length > 0 ? toServer : toClient;
  if (bytes.length === 0 || (transport === 'tcp' && toServer.length === 0))
    return bytes.length === 0 ? 'undecided' : 'reject';
  const text = latin1(bytes, 0, HEADER_BYTES).replace(transport === 'tcp' ? OCTET_COUNT : /^$/, '');
  if (!/^<\d{1,3}>/.test(text))
    return transport === 'tcp' && /^(?:\d{1,6} ?)?<?\d{0,3}$/.test(text) ? 'undecided' : 'reject';
  if (parseSyslog(text) === undefined) return 'reject';
  const isAtHome = PORTS.includes(serverPort) || PORTS.includes(clientPort);
  return isAtHome || MODERN.test(text) || OLD_TIME.test(text) ? 'match' : 'reject';
}

export const syslog: Protocol<SyslogRecords> = {
  id: 'syslog',
  title: 'Syslog',
  standards: ['RFC 5424 §6', 'RFC 3164 §4', 'RFC 5426 (UDP)', 'RFC 6587 (TCP)', 'DICOM PS3.15 A.6 (audit messages)'],
  transports: ['udp', 'tcp'],
  usualPorts: PORTS,
  isEncrypted: false,
  isClinical: false,
  firstBytes: [...'<0123456789'].map((character) => character.charCodeAt(0)),
  detect: detectSyslog,
  createStreamParser: (context) => new SyslogParser(context),
  parseDatagram: (payload, direction, context) => tell(latin1(payload, 0, MAXIMUM_MESSAGE), direction, context),
  evidence: (record) => {
    if (record.protocol !== 'syslog') return [];
    return [
      ...draft('syslog.host', record.host, 'client'),
      ...draft('syslog.program', record.program, 'client'),
      ...(record.activity === 'audit-message' ? draft('syslog.audit', 'true', 'client') : []),
    ];
  },
};
