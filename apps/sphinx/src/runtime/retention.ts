import type { Clock, Configuration, Logger } from '@sphinx/platform';
import { TELEMETRY, type TelemetryTable } from '@sphinx/schema';
import type { Engines } from './engines.ts';

const INTERVAL_MS = 3_600_000;
const MILLISECONDS_PER_DAY = 86_400_000;

/** Forgets what is older than the settings say, once an hour. @returns stops it */
export function startRetention(parts: {
  engines: Pick<Engines, 'bus' | 'telemetry'>;
  configuration: Configuration;
  clock: Clock;
  logger: Logger;
}): () => void {
  const { engines, configuration, clock, logger } = parts;
  const before = (key: string) => clock.now() - Number(configuration.get(key)) * MILLISECONDS_PER_DAY;
  const prune = async () => {
    await engines.bus.prune(before('retention.factDays'));
    for (const table of Object.keys(TELEMETRY) as TelemetryTable[]) {
      // Logs are kept as long as their kind asks for: log collection removes them.
      if (table === 'log_activity') continue;
      await engines.telemetry.remove(table, { until: before('retention.telemetryDays') });
    }
  };
  const timer = setInterval(() => {
    prune().catch((error) => logger.error('Old data could not be removed', { error: String(error) }));
  }, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
