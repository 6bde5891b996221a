import type { Clock, Logger } from '@sphinx/platform';
import type { RuleLibrary } from './rule-library.ts';
import type { RuleSet } from './rule-set.ts';
import type { SetUpdates } from './set-updates.ts';

const HOUR_MS = 3_600_000;
const LOOK_INTERVAL_MS = 300_000;

/** @param hours what the setting says for sets that say nothing themselves. @returns whether its URL is to be asked */
export function isDue({ url, updateHours, checkedAt }: RuleSet, hours: number, now: number): boolean {
  const own = updateHours ?? hours;
  return url !== null && own > 0 && now - (checkedAt ?? 0) >= own * HOUR_MS;
}

/** Fetches sets with a URL again and again. A set that cannot be fetched stays as it is and says why. */
export function startUpdates(options: {
  readonly library: RuleLibrary;
  readonly setUpdates: SetUpdates;
  readonly clock: Clock;
  /** 0 for no updates of sets that say nothing themselves. */
  readonly hours: number;
  readonly logger: Logger;
}): { stop(): void } {
  const { library, setUpdates, clock, hours, logger } = options;
  let isLooking = false;
  const look = async () => {
    for (const set of library.sets()) {
      if (!isDue(set, hours, clock.now())) continue;
      await setUpdates.updateByItself(set.id).catch((error: unknown) => {
        logger.warn('A rule set could not be updated', { title: set.title, error: String(error) });
      });
    }
  };
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void look().finally(() => {
      isLooking = false;
    });
  }, LOOK_INTERVAL_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
