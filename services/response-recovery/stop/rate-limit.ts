import type { StateStore } from '@sphinx/platform';
import type { ResponsePolicy } from '../knowledge/response-policy.ts';

const HOUR_MS = 3_600_000;

/**
 * When the next action may be applied, so that no fault and no flood of incidents takes a hospital apart.
 *
 * @returns milliseconds since the Unix epoch: now or earlier means at once
 */
export async function nextSlot(
  state: StateStore,
  actuator: string,
  rates: ResponsePolicy['rates'],
  now: number,
): Promise<number> {
  const rows = await state.query<{ at: number | string; actuator: string }>(
    `SELECT (document->>'appliedAt')::bigint AS at, document->>'actuator' AS actuator FROM response_recovery.action
     WHERE (document->>'appliedAt')::bigint > $1 ORDER BY 1`,
    [now - HOUR_MS],
  );
  const times = rows.map(({ at }) => Number(at));
  const own = rows.flatMap((row) => (row.actuator === actuator ? [Number(row.at)] : []));
  return Math.max(slotOf(times, rates.actionsPerHour), slotOf(own, rates.actionsPerHourOfOneActuator));
}

function slotOf(times: readonly number[], most: number): number {
  const blocking = times[times.length - most];
  return times.length < most || blocking === undefined ? 0 : blocking + HOUR_MS;
}
