import type { Logger } from '@sphinx/platform';
import type { RuleLibrary } from './rule-library.ts';

const HOUR_MS = 3_600_000;

/** Fetches sets with a URL again and again. A set that cannot be fetched stays as it is and says why. */
export function startUpdates(options: {
  readonly library: RuleLibrary;
  /** 0 switches it off. */
  readonly hours: number;
  readonly logger: Logger;
}): { stop(): void } {
  const { library, hours, logger } = options;
  if (hours === 0) return { stop: () => undefined };
  const update = async () => {
    for (const { id, url, title } of await library.sets()) {
      if (url === null) continue;
      await library.update(id).catch((error: unknown) => {
        logger.warn('A rule set could not be updated', { title, error: String(error) });
      });
    }
  };
  const timer = setInterval(() => void update(), hours * HOUR_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
