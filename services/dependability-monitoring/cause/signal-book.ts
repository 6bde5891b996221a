import type { Bus } from '@sphinx/platform';
import type { Alert, Detection, Fact, Incident, OutageEvidence, Severity } from '@sphinx/schema';

/** What is kept of detections, alerts and incidents: enough to say which of them concern an outage. */
export interface Signal extends OutageEvidence {
  readonly ips: readonly string[];
  readonly assetIds: readonly string[];
  readonly techniques: readonly string[];
}

export const SIGNAL_FACTS = ['detection.found', 'alert.raised', 'incident.opened', 'incident.updated'] as const;
type SignalFact = Fact<(typeof SIGNAL_FACTS)[number]>;

const KEPT_MS = 2 * 3_600_000;
const MAXIMUM_SIGNALS = 5000;
const READ_AT_START = 1000;
/** Less says nothing about an outage. */
const TELLING: readonly Severity[] = ['medium', 'high', 'critical'];
/** What this service tells itself is no evidence for what it tells. */
const OWN_KIND = 'outage';

/** Detections, alerts and incidents of the last two hours, in memory: the log of facts has them after a restart. */
export class SignalBook {
  readonly #signals = new Map<string, Signal>();

  async open(bus: Bus, now: number): Promise<void> {
    const facts = await bus.read({ types: [...SIGNAL_FACTS], limit: READ_AT_START, order: 'newest-first' });
    for (const { fact } of facts.toReversed()) this.take(fact as SignalFact, now);
  }

  /** @returns the signal where it may concern an outage of now */
  take(fact: SignalFact, now: number): Signal | undefined {
    const signal = signalOf(fact);
    if (signal === undefined || signal.time < now - KEPT_MS || !TELLING.includes(signal.severity)) return undefined;
    this.#signals.delete(signal.id);
    this.#signals.set(signal.id, signal);
    for (const [id, { time }] of this.#signals) {
      if (this.#signals.size <= MAXIMUM_SIGNALS && time >= now - KEPT_MS) break;
      this.#signals.delete(id);
    }
    return signal;
  }

  /** Those that name one of the addresses or assets. */
  about(ips: readonly string[], assetIds: readonly string[]): readonly Signal[] {
    return [...this.#signals.values()].filter((signal) => concerns(signal, ips, assetIds));
  }
}

export function concerns(signal: Signal, ips: readonly string[], assetIds: readonly string[]): boolean {
  return signal.ips.some((ip) => ips.includes(ip)) || signal.assetIds.some((id) => assetIds.includes(id));
}

function signalOf({ type, data }: SignalFact): Signal | undefined {
  if (data.isSample) return undefined;
  switch (type) {
    case 'detection.found':
      return ofDetection(data);
    case 'alert.raised':
      return data.kind === OWN_KIND ? undefined : ofAlert(data);
    default:
      return ofIncident(data);
  }
}

function ofDetection({ id, rule, severity, time, source, destination }: Detection): Signal {
  const ips = [source.ip, destination.ip];
  return { kind: 'detection', id, title: rule.title, severity, time, ips, assetIds: [], techniques: rule.techniques };
}

function ofAlert({ id, analytic, severity, endTime, subjects, techniques }: Alert): Signal {
  const named = (type: string) => subjects.filter((subject) => subject.type === type).map(({ value }) => value);
  const where = { ips: named('ip'), assetIds: named('asset') };
  return { kind: 'alert', id, title: analytic.title, severity, time: endTime, techniques, ...where };
}

/** An incident that is made of outages alone says no more than they do. */
function ofIncident({ id, title, severity, lastSeen, assets, addresses, techniques, analytics, status }: Incident) {
  const isOwn = analytics.every((analytic) => analytic.id.startsWith('outage-'));
  if (isOwn || status === 'closed') return undefined;
  const assetIds = assets.map(({ assetId }) => assetId);
  return { kind: 'incident', id, title, severity, time: lastSeen, ips: addresses, assetIds, techniques } as const;
}
