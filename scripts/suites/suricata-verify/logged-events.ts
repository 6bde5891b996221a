import type { EveEvent } from '@sphinx/wire';
import type { VerifyCase } from './case.ts';

/** `eve-log` of a case's settings, as far as it says which events its log holds (Suricata user guide, "Eve JSON Output"). */
interface EveOutput {
  readonly enabled?: unknown;
  readonly filename?: unknown;
  readonly types?: readonly (string | Readonly<Record<string, LoggedType | null>>)[];
}

interface LoggedType {
  readonly enabled?: unknown;
  /** Of DNS: kinds of messages, and types of records. */
  readonly requests?: unknown;
  readonly responses?: unknown;
  readonly query?: unknown;
  readonly answer?: unknown;
  readonly types?: unknown;
}

/** Names of types whose events are called otherwise. */
const EVENT_TYPES: Readonly<Record<string, readonly string[]>> = {
  files: ['fileinfo'],
  http2: ['http'],
  ftp: ['ftp', 'ftp_data'],
};

/** @returns the events that Suricata writes with the settings of the case: with settings of its own, it logs what they name */
export function loggedEvents(one: VerifyCase, events: readonly EveEvent[]): readonly EveEvent[] {
  const types = loggedTypes(one);
  if (types === undefined) return events;
  return events.filter((event) => {
    const settings = types.get(String(event.event_type));
    return settings !== undefined && isWanted(event, settings);
  });
}

function loggedTypes({ settings, overrides }: VerifyCase): ReadonlyMap<string, LoggedType> | undefined {
  const outputs = (settings as { outputs?: readonly { 'eve-log'?: EveOutput }[] | null } | undefined)?.outputs ?? [];
  const logs = outputs.flatMap((output) => output['eve-log'] ?? []).filter(isMainLog);
  const isOverridden = [...overrides.keys()].some((name) => name.startsWith('outputs.'));
  if (logs.length === 0 || isOverridden) return undefined;
  const types = new Map<string, LoggedType>();
  for (const entry of logs.flatMap(({ types: entries }) => entries ?? [])) {
    const named = typeof entry === 'string' ? { [entry]: null } : entry;
    for (const [name, type] of Object.entries(named)) {
      if (isOff(type?.enabled)) continue;
      for (const event of EVENT_TYPES[name] ?? [name]) types.set(event, type ?? {});
    }
  }
  return types.size === 0 ? undefined : types;
}

function isMainLog({ enabled, filename }: EveOutput): boolean {
  return !isOff(enabled) && (filename === undefined || filename === 'eve.json');
}

function isWanted(event: EveEvent, type: LoggedType): boolean {
  return event.event_type === 'dns' ? isWantedDns(event, type) : true;
}

function isWantedDns(event: EveEvent, type: LoggedType): boolean {
  const dns = (event.dns ?? {}) as { type?: string; rrtype?: string; queries?: readonly { rrtype?: string }[] };
  const isRequest = dns.type === 'request' || dns.type === 'query';
  if (isOff(isRequest ? (type.requests ?? type.query) : (type.responses ?? type.answer))) return false;
  if (!Array.isArray(type.types)) return true;
  const wanted = type.types.map((name) => String(name).toUpperCase());
  const asked = dns.rrtype ?? dns.queries?.[0]?.rrtype ?? '';
  return wanted.includes(asked.toUpperCase());
}

/** YAML 1.1, which Suricata reads, has several words for false. */
function isOff(value: unknown): boolean {
  return value === false || value === 'no' || value === 'false' || value === 'off';
}
