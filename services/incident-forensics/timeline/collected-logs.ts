import type { EventStore, TelemetryCondition } from '@sphinx/platform';
import type { TelemetryRow } from '@sphinx/schema';
import type { IncidentView } from '../incidents/incident-record.ts';

type LogRow = TelemetryRow<'log_activity'>;

/** What of an incident may stand in a log. */
export interface LogSubjects {
  readonly addresses: readonly string[];
  readonly hosts: readonly string[];
  readonly users: readonly string[];
}

const ADDRESS_COLUMNS = ['src_ip', 'dst_ip', 'device_ip'] as const;
const HOST_COLUMNS = ['device_host', 'src_host', 'dst_host'] as const;
const USER_COLUMNS = ['actor_user', 'target_user'] as const;
const MAXIMUM_SUBJECTS = 20;
const MAXIMUM_ROWS = 2000;
const LONGEST_DETAIL = 1000;

/** @param addresses of the devices and hosts of the incident */
export function subjectsOf(view: IncidentView, addresses: readonly string[]): LogSubjects {
  return {
    addresses: addresses.slice(0, MAXIMUM_SUBJECTS),
    hosts: view.assets.map(({ name }) => name).slice(0, MAXIMUM_SUBJECTS),
    users: view.users.slice(0, MAXIMUM_SUBJECTS),
  };
}

/** @returns events of logs that name an address, a host or an account of the incident, oldest first, 2,000 at most */
export async function readCollectedLogs(
  telemetry: EventStore,
  subjects: LogSubjects,
  { from, until }: { readonly from: number; readonly until: number },
): Promise<readonly LogRow[]> {
  const items = [
    ...testsOf(ADDRESS_COLUMNS, subjects.addresses),
    ...testsOf(HOST_COLUMNS, subjects.hosts),
    ...testsOf(USER_COLUMNS, subjects.users),
  ];
  if (items.length === 0) return [];
  return await telemetry.select('log_activity', {
    from,
    until,
    where: { kind: 'or', items },
    order: 'oldest-first',
    limit: MAXIMUM_ROWS,
  });
}

function testsOf(columns: readonly string[], values: readonly string[]): TelemetryCondition[] {
  return columns.flatMap((column) =>
    values
      .filter((value) => value !== '')
      .map((value): TelemetryCondition => ({ kind: 'test', column, test: { operator: 'equals', value } })),
  );
}

/** Who wrote it and what it is about, in the words of the common columns: none of them names a patient. */
export function titleOf(row: LogRow): string {
  const host = row.device_host || row.device_ip || row.source_id;
  const what = [row.service || row.product || row.format || 'log', row.activity, row.status].filter(
    (word) => word !== '',
  );
  const ends = [row.src_ip, row.dst_ip].filter((address) => address !== '').join(' to ');
  return `${host}: ${what.join(' ')}${row.actor_user === '' ? '' : `, ${row.actor_user}`}${ends === '' ? '' : `, ${ends}`}`;
}

/** What the event says itself, which may name patients. */
export function detailOf({ message, raw }: LogRow): string {
  return (message || raw).slice(0, LONGEST_DETAIL);
}
