import { LOG_KINDS, type LogKind } from '@sphinx/logs';
import type { EventStore } from '@sphinx/platform';
import type { LogCollectionSettings } from './manifest.ts';
import type { LogStore } from './store.ts';

const MILLISECONDS_PER_DAY = 86_400_000;
/** Who did what: what an auditor asks for a year later. */
const AUDITED: ReadonlySet<LogKind> = new Set(['audit', 'clinical', 'authentication']);

export interface KindRetention {
  readonly kind: LogKind;
  readonly days: number;
  /** Whether the kind has a number of days of its own. */
  readonly isOwn: boolean;
}

/** @returns how long events of each kind are kept */
export async function retentionOf(
  store: LogStore,
  settings: Pick<LogCollectionSettings, 'retentionDays' | 'auditRetentionDays'>,
): Promise<readonly KindRetention[]> {
  const own = await store.retention();
  return LOG_KINDS.map((kind) => {
    const usual = AUDITED.has(kind) ? settings.auditRetentionDays : settings.retentionDays;
    return { kind, days: own.get(kind) ?? usual, isOwn: own.has(kind) };
  });
}

/** Removes what is older. @returns events removed */
export async function removeOld(
  telemetry: EventStore,
  retention: readonly KindRetention[],
  nowMs: number,
): Promise<number> {
  let removed = 0;
  for (const { kind, days } of retention) {
    removed += await telemetry.remove('log_activity', {
      equals: { kind },
      until: nowMs - days * MILLISECONDS_PER_DAY,
    });
  }
  return removed;
}
