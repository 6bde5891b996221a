import type { TelemetryRow } from '@sphinx/schema';
import type { MeasureId } from './measures.ts';

/** What a record of a protocol says that is counted. */
export type Operation =
  | { readonly kind: 'count'; readonly measure: MeasureId; readonly detail: string }
  | { readonly kind: 'name'; readonly name: string; readonly isMissing: boolean }
  | { readonly kind: 'file-written'; readonly ending: string };

type RecordRow = Pick<TelemetryRow<'protocol_activity'>, 'app_name' | 'activity' | 'details' | 'dst_ip'>;

/** RFC 1035 §4.1.1. */
const NAME_ERROR = 3;
const UNAUTHORIZED = 401;
/** RFC 959 §4.2: not logged in. */
const FTP_REFUSED = 530;
/** Messages of Kerberos that say that a name or a password was wrong (RFC 4120 §7.5.9). */
const KERBEROS_REFUSALS: ReadonlySet<unknown> = new Set([
  'client-unknown',
  'client-revoked',
  'pre-authentication-failed',
]);
/** Records that say by their activity alone that a log-on was refused. */
const REFUSALS: ReadonlySet<string> = new Set(['login-refused', 'refused']);
const READS: ReadonlySet<unknown> = new Set([
  'read',
  'vread',
  'search',
  'search-type',
  'search-system',
  'history',
  'bulk-export',
  'bulk-download',
]);

/** @returns what is counted of the record; undefined for most */
export function readOperation(row: RecordRow): Operation | undefined {
  switch (row.app_name) {
    case 'dns':
      return readName(row);
    case 'smb':
      return row.activity === 'file-open' ? readFileOpen(detailsOf(row)) : undefined;
    case 'dicom':
      return row.activity === 'operation' ? readDicom(detailsOf(row)) : undefined;
    case 'hl7':
      return row.activity === 'message' ? count('hl7-messages', '') : undefined;
    case 'fhir':
      return READS.has(detailsOf(row).interaction) ? count('fhir-reads', '') : undefined;
    default:
      return isRefusal(row) ? count('logon-failures', `${row.app_name} on ${row.dst_ip}`) : undefined;
  }
}

function readName(row: RecordRow): Operation | undefined {
  const { name, responseCode } = detailsOf(row);
  if (typeof name !== 'string' || name.length === 0) return undefined;
  return { kind: 'name', name, isMissing: row.activity === 'response' && responseCode === NAME_ERROR };
}

function readFileOpen({ access, outcome, extension, kind }: Record<string, unknown>): Operation | undefined {
  const isChange = (access === 'write' || access === 'delete') && outcome !== 'failure' && kind !== 'pipe';
  return isChange ? { kind: 'file-written', ending: typeof extension === 'string' ? extension : '' } : undefined;
}

function readDicom({ operation }: Record<string, unknown>): Operation | undefined {
  if (operation === 'C-FIND') return count('dicom-queries', '');
  return operation === 'C-MOVE' || operation === 'C-GET' ? count('dicom-retrievals', '') : undefined;
}

function isRefusal(row: RecordRow): boolean {
  if (REFUSALS.has(row.activity)) return true;
  switch (row.app_name) {
    case 'kerberos':
      return KERBEROS_REFUSALS.has(detailsOf(row).error);
    case 'ldap':
      return row.activity === 'bind' && detailsOf(row).outcome === 'failure';
    case 'ftp':
      return row.activity === 'command' && detailsOf(row).replyCode === FTP_REFUSED;
    case 'vnc':
      return detailsOf(row).outcome === 'failure';
    case 'http':
      return detailsOf(row).status === UNAUTHORIZED;
    default:
      return false;
  }
}

function count(measure: MeasureId, detail: string): Operation {
  return { kind: 'count', measure, detail };
}

/** What cannot be read says nothing. */
function detailsOf({ details }: RecordRow): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(details);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
