import { isIP } from 'node:net';
import type { LogFormat, LogKind, MappedColumn } from '../formats/log-format.ts';

/*
 * Which column a field belongs into, by its name: those that ECS, CEF, LEEF, OCSF, firewalls and common loggers use.
 */

const NAMES: Readonly<Partial<Record<MappedColumn, string>>> = {
  activity: 'action activity act event eventname eventtype operation op verb activityname eventaction',
  severity: 'level severity lvl loglevel sev prio priority severitylevel severitytext levelname',
  status: 'status result outcome eventoutcome success disposition verdict',
  device_host: 'hostname host computer devicehost devname dvchost hostname station machine computername',
  product: 'product eventmodule deviceproduct',
  service: 'service app application program logger component servicename module facility',
  actor_user:
    'user username usr login account accountname suser usrname userid uid actoruser operator sourceuser loginname userprincipalname remoteuser csusername principal',
  target_user: 'targetuser duser targetusername dstuser usertargetname',
  src_ip:
    'src srcip sourceip sourceaddress client clientip cip remoteaddr remoteip ip ipaddress address addr peer remote sip saddr ipaddr callerip csip',
  src_port: 'spt srcport sourceport sport clientport remoteport',
  src_host: 'shost srchost sourcehost clienthost workstation sourcehostname clientname',
  dst_ip: 'dst dstip destip destinationip destination destinationaddress server serverip dip daddr target targetip',
  dst_port: 'dpt dstport destport destinationport dport serverport port',
  dst_host: 'dhost dsthost desthost destinationhost destinationdomain servername targethost',
  transport: 'proto transport networktransport ipprotocol',
  app_name: 'appproto networkprotocol protocol appname',
  rule_name: 'rule rulename policy policyname signature alertsignature',
  url: 'url uri request urlfull urloriginal requesturl requesturi curi',
  http_method: 'method httpmethod httprequestmethod requestmethod csmethod',
  http_status: 'httpstatus statuscode httpresponsestatuscode responsecode scstatus',
  user_agent: 'useragent useragentoriginal agent',
  file_name: 'file filename filepath fname path',
  process_name: 'process processname proc image executable processexecutable',
  command_line: 'commandline cmd command cmdline processcommandline',
  object: 'object resource objectname resourceid recordtype department',
  event_code: 'eventid eventcode code msgid errorcode logid deviceeventclassid signatureid',
  bytes_out: 'bytesout sentbytes bytessent sourcebytes srcbytes txbytes',
  bytes_in: 'bytesin rcvdbytes bytesreceived destinationbytes dstbytes rxbytes scbytes',
  message: 'message msg text description logmessage',
};
const COLUMN_OF = new Map(
  Object.entries(NAMES).flatMap(([column, names]) => names.split(' ').map((name) => [name, column as MappedColumn])),
);
const TIME = /^@?(?:time|timestamp|ts|datetime|date|eventtime|created|createdat|rt|devtime|logtime|zeit|datum)$/i;
const CLOCK = /^(?:time|uhrzeit|clock)$/i;
const DAY = /^(?:date|datum|day)$/i;
const NUMBERS = new Set<MappedColumn>(['src_port', 'dst_port', 'http_status', 'bytes_out', 'bytes_in']);
const HOST_INSTEAD: Readonly<Record<string, MappedColumn>> = { src_ip: 'src_host', dst_ip: 'dst_host' };
/** Names of fields that are about a patient, as DICOM, HL7, FHIR and German systems write them. */
const PATIENT =
  /patient|(?:^|[^a-z])(?:pat|pid|mrn|ssn|nhs|kvnr|fall|case|encounter|visit|dob)(?![a-z])|pat_?(?:id|nr|name)|birth|geburt|accession|insur|versich/i;

/** What a translation makes of a level, in the words of OCSF. */
const SEVERITIES: Readonly<Record<string, string>> = {
  ...{ emerg: 'critical', emergency: 'critical', alert: 'critical', fatal: 'critical', panic: 'critical' },
  ...{ crit: 'critical', critical: 'critical', severe: 'high', error: 'high', err: 'high', high: 'high' },
  ...{ warn: 'medium', warning: 'medium', medium: 'medium', notice: 'low', low: 'low' },
  '*': 'informational',
};
const STATUSES: Readonly<Record<string, string>> = {
  ...{ success: 'success', ok: 'success', succeeded: 'success', allowed: 'success', allow: 'success' },
  ...{ accept: 'success', accepted: 'success', granted: 'success', true: 'success', passed: 'success' },
  ...{ failure: 'failure', failed: 'failure', fail: 'failure', denied: 'failure', deny: 'failure' },
  ...{
    error: 'failure',
    fehler: 'failure',
    erfolg: 'success',
    blocked: 'failure',
    block: 'failure',
    drop: 'failure',
    rejected: 'failure',
    false: 'failure',
  },
  '*': '',
};

/** @returns the column that a field of this name and with these values belongs into, undefined where none is sure */
export function columnOf(name: string, values: readonly string[]): MappedColumn | undefined {
  const column = columnOfName(name);
  if (column === undefined || values.length === 0) return column;
  const instead = HOST_INSTEAD[column];
  if (instead !== undefined && !values.some((value) => isIP(value) !== 0)) return instead;
  if (NUMBERS.has(column) && !values.some((value) => /^\d+$/.test(value))) return undefined;
  if (column === 'http_method' && !values.some((value) => /^[A-Z]{3,8}$/.test(value))) return 'activity';
  if (column === 'status' && values.every((value) => /^[1-5]\d\d$/.test(value))) return 'http_status';
  return column;
}

/** Of a name with dots the whole, else its last two parts, else the last one. */
function columnOfName(name: string): MappedColumn | undefined {
  const parts = name.split('.');
  for (const part of [name, parts.slice(-2).join(''), parts.at(-1) ?? '']) {
    const plain = part
      .toLowerCase()
      .replace(/\d+$/, '')
      .replace(/[^\p{L}\p{N}]/gu, '');
    const column = COLUMN_OF.get(plain);
    if (column !== undefined) return column;
  }
  return undefined;
}

export function isPatientName(name: string): boolean {
  return PATIENT.test(name);
}

/** @returns the fields that tell the time, as a format has them; a day and a clock of their own together */
export function timeFields(names: readonly string[], isTime: (name: string) => boolean): string[] {
  const day = names.find((name) => DAY.test(name));
  const clock = names.find((name) => CLOCK.test(name) && !isTime(name));
  const together = day !== undefined && clock !== undefined ? [`${day}+${clock}`] : [];
  const alone = names.filter((name) => TIME.test(name) || isTime(name));
  return [...together, ...alone.filter((name) => together.length === 0 || (name !== day && name !== clock))];
}

/** CEF counts from 0 to 10, LEEF from 1 to 10. */
const NUMBERED: Readonly<Record<string, string>> = {
  ...{ '0': 'informational', '1': 'informational', '2': 'informational', '3': 'low', '4': 'low', '5': 'medium' },
  ...{ '6': 'medium', '7': 'high', '8': 'high', '9': 'critical', '10': 'critical', 'very-high': 'critical' },
};

/** @returns what levels and results of a log are here, for the columns that it fills */
export function translations(columns: ReadonlySet<string>, isNumbered: boolean): LogFormat['values'] {
  return {
    ...(columns.has('severity') ? { severity: { ...(isNumbered ? NUMBERED : {}), ...SEVERITIES } } : {}),
    ...(columns.has('status') ? { status: { ...STATUSES } } : {}),
  };
}

/** @returns what a log is about, as far as its columns and words tell */
export function guessKind(columns: ReadonlySet<string>, text: string): LogKind {
  const has = (...names: string[]) => names.every((name) => columns.has(name));
  const words = text.toLowerCase();
  if (has('http_method') && has('url')) return 'web';
  if (has('src_ip', 'dst_ip', 'dst_port')) return 'network';
  if (/\bpatient|dicom|\bhl7|\bfhir|infusion|\bpump|modality/.test(words)) return 'clinical';
  if (has('actor_user') && /log(?:in|on|out|off|ged)|password|auth|sign-?in/.test(words)) return 'authentication';
  return 'application';
}
