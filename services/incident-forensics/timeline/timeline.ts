import type { Bus, EventStore } from '@sphinx/platform';
import type { Fact, ResponseProgress } from '@sphinx/schema';
import type { Collector } from '../evidence/collector.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { IncidentView } from '../incidents/incident-record.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import { detailOf, readCollectedLogs, subjectsOf, titleOf } from './collected-logs.ts';

export const TIMELINE_KINDS = [
  'alert',
  'work',
  'response',
  'device',
  'weakness',
  'file',
  'record',
  'flow',
  'log',
  'log-event',
] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/** Something that is known of the time around an incident. */
export interface TimelineEntry {
  readonly id: string;
  readonly time: number;
  readonly kind: TimelineKind;
  readonly title: string;
  readonly detail: string;
  readonly isPinned: boolean;
}

export interface TimelineQuery {
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  readonly kinds?: readonly TimelineKind[] | undefined;
  readonly search?: string | undefined;
  readonly isPinned?: boolean | undefined;
  /** Shows what may name people; asked for and recorded. */
  readonly isUnmasked: boolean;
}

export interface TimelineParts {
  readonly incidents: IncidentStore;
  readonly evidence: EvidenceStore;
  readonly collector: Collector;
  readonly telemetry: EventStore;
  readonly bus: Bus;
}

const MINUTE_MS = 60_000;
const BEFORE_MS = 10 * MINUTE_MS;
const AFTER_MS = 30 * MINUTE_MS;
const ROWS_PER_HOST = 500;
const MAXIMUM_HOSTS = 10;
const FACTS_PER_DEVICE = 200;
const MAXIMUM_EVENTS = 5000;
const MASKED = 'hidden; showing it is recorded';

/** Facts of responses are few; those of the last months are in these. */
const RESPONSE_FACTS_READ = 2000;
const RESPONSE_FACTS = [
  'response.planned',
  'response.approval-asked',
  'response.approved',
  'response.refused',
  'response.started',
  'response.step-done',
  'response.finished',
  'response.undone',
] as const;
const DEVICE_FACTS = [
  'asset.discovered',
  'asset.updated',
  'verdict.issued',
  'probe.completed',
  'weakness.found',
  'weakness.changed',
  'weakness.closed',
] as const;

/** @returns everything known of the time around an incident, oldest first */
export async function readTimeline(
  view: IncidentView,
  query: TimelineQuery,
  parts: TimelineParts,
): Promise<readonly TimelineEntry[]> {
  const { from = view.firstSeen - BEFORE_MS, until = view.lastSeen + AFTER_MS, kinds, search } = query;
  const wanted = new Set<TimelineKind>(kinds ?? TIMELINE_KINDS);
  const entries = [
    ...(wanted.has('alert') ? await alertsOf(view, parts) : []),
    ...(wanted.has('work') ? await workOf(view, parts) : []),
    ...(wanted.has('response') ? await responseOf(view, parts) : []),
    ...(wanted.has('device') || wanted.has('weakness') ? await deviceFactsOf(view, parts) : []),
    ...(await telemetryOf(view, { from, until }, wanted, parts)),
    ...(wanted.has('log') ? await collectedLogsOf(view, { from, until }, query.isUnmasked, parts) : []),
    ...(wanted.has('log-event') ? await eventsOf(view, { from, until }, query.isUnmasked, parts) : []),
  ];
  const pins = await parts.evidence.pinsOf(view.id);
  const words = search?.toLowerCase() ?? '';
  return entries
    .map((entry) => ({ ...entry, isPinned: pins.has(entry.id) }))
    .filter(({ kind, time, isPinned, title, detail }) => {
      const isWanted =
        wanted.has(kind) && (isPinned || kind === 'work' || kind === 'response' || (time >= from && time <= until));
      const isFound = words === '' || `${title} ${detail}`.toLowerCase().includes(words);
      return isWanted && isFound && (query.isPinned !== true || isPinned);
    })
    .toSorted((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
}

type Plain = Omit<TimelineEntry, 'isPinned'>;

async function alertsOf(view: IncidentView, { incidents }: TimelineParts): Promise<readonly Plain[]> {
  return (await incidents.signalsOf(view.id)).map(({ key, firstSeen, analytic, severity, entities, count }) => {
    const who = entities.map(({ name, role }) => `${role} ${name}`).join(', ');
    const times = count > 1 ? `, ${count} times` : '';
    return {
      id: `alert:${key}`,
      time: firstSeen,
      kind: 'alert',
      title: analytic.title,
      detail: `${severity}; ${who}${times}`,
    };
  });
}

async function workOf(view: IncidentView, { incidents }: TimelineParts): Promise<readonly Plain[]> {
  return (await incidents.activityOf(view.id)).map(({ sequence, time, by, text }) => ({
    id: `work:${sequence}`,
    time,
    kind: 'work',
    title: text,
    detail: by,
  }));
}

/** What was carried out because of the incident. */
async function responseOf(view: IncidentView, { bus }: TimelineParts): Promise<readonly Plain[]> {
  const facts = await bus.read({ types: [...RESPONSE_FACTS], limit: RESPONSE_FACTS_READ, order: 'newest-first' });
  return facts.flatMap(({ fact }) => {
    if (!('runId' in fact.data) || !('subject' in fact.data) || fact.data.subject.id !== view.id) return [];
    const { number, by, summary, playbook } = fact.data as ResponseProgress;
    const title = `RUN-${number}: ${summary}`;
    return [
      { id: `fact:${fact.id}`, time: fact.time, kind: 'response' as const, title, detail: `${playbook.name}; ${by}` },
    ];
  });
}

async function deviceFactsOf(view: IncidentView, { bus }: TimelineParts): Promise<readonly Plain[]> {
  const entries: Plain[] = [];
  for (const { assetId, name } of view.assets.slice(0, MAXIMUM_HOSTS)) {
    const facts = await bus.read({
      types: [...DEVICE_FACTS],
      key: assetId,
      limit: FACTS_PER_DEVICE,
      order: 'newest-first',
    });
    for (const { fact } of facts) entries.push(...tellFact(fact, name));
  }
  return entries;
}

function tellFact(fact: Fact, name: string): readonly Plain[] {
  const told = (kind: TimelineKind, title: string, detail: string): readonly Plain[] => [
    { id: `fact:${fact.id}`, time: fact.time, kind, title: `${name}: ${title}`, detail },
  ];
  switch (fact.type) {
    case 'asset.discovered':
      return told('device', 'seen for the first time', fact.data.ips.join(', '));
    case 'asset.updated':
      return told('device', 'changed', `revision ${fact.data.revision}`);
    case 'verdict.issued':
      return told('device', `judged ${fact.data.verdict}`, fact.data.reasons.slice(0, 3).join('; '));
    case 'probe.completed':
      return told('device', `was asked: ${fact.data.outcome}`, fact.data.probes.join(', '));
    case 'weakness.found':
    case 'weakness.changed':
    case 'weakness.closed': {
      const verb = fact.type.slice('weakness.'.length);
      return told(
        'weakness',
        `weakness ${verb}`,
        fact.data.weaknesses
          .map(({ weakness }) => weakness)
          .slice(0, 10)
          .join(', '),
      );
    }
    default:
      return [];
  }
}

async function telemetryOf(
  view: IncidentView,
  { from, until }: { readonly from: number; readonly until: number },
  wanted: ReadonlySet<TimelineKind>,
  { collector, telemetry }: TimelineParts,
): Promise<readonly Plain[]> {
  const entries = new Map<string, Plain>();
  const put = (entry: Plain) => entries.set(entry.id, entry);
  for (const address of collector.addressesOf(view).slice(0, MAXIMUM_HOSTS)) {
    const filter = { from, until, address, order: 'oldest-first', limit: ROWS_PER_HOST } as const;
    if (wanted.has('flow')) {
      for (const row of await telemetry.select('network_activity', filter)) {
        const title = `${row.src_ip} to ${row.dst_ip}:${row.dst_port}, ${row.app_name}`;
        const detail = `${row.bytes_out} bytes out, ${row.bytes_in} in, ${row.state}`;
        put({ id: `flow:${row.flow_id}:${row.time}`, time: row.time, kind: 'flow', title, detail });
      }
    }
    if (wanted.has('record')) {
      for (const row of await telemetry.select('protocol_activity', filter)) {
        const title = `${row.app_name}: ${row.activity}, ${row.src_ip} to ${row.dst_ip}`;
        put({
          id: `record:${row.flow_id}:${row.packet_number}`,
          time: row.time,
          kind: 'record',
          title,
          detail: row.details.slice(0, 500),
        });
      }
    }
    if (wanted.has('file')) {
      for (const row of await telemetry.select('file_activity', filter)) {
        const title = `File ${row.name}, ${row.src_ip} to ${row.dst_ip}`;
        const detail = `${row.type}, ${row.size} bytes, SHA-256 ${row.sha256}, ${row.verdict}`;
        put({ id: `file:${row.file_id}`, time: row.time, kind: 'file', title, detail });
      }
    }
  }
  return [...entries.values()];
}

async function collectedLogsOf(
  view: IncidentView,
  span: { readonly from: number; readonly until: number },
  isUnmasked: boolean,
  { collector, telemetry }: TimelineParts,
): Promise<readonly Plain[]> {
  const rows = await readCollectedLogs(telemetry, subjectsOf(view, collector.addressesOf(view)), span);
  return rows.map((row) => ({
    id: `log:${row.log_id}`,
    time: row.time,
    kind: 'log',
    title: titleOf(row),
    detail: isUnmasked ? detailOf(row) : MASKED,
  }));
}

async function eventsOf(
  view: IncidentView,
  { from, until }: { readonly from: number; readonly until: number },
  isUnmasked: boolean,
  { evidence }: TimelineParts,
): Promise<readonly Plain[]> {
  return (await evidence.eventsOf(view.id, from, until, MAXIMUM_EVENTS)).map(({ id, time, title, detail }) => ({
    id: `event:${id}`,
    time,
    kind: 'log-event',
    title,
    detail: isUnmasked ? detail : MASKED,
  }));
}
