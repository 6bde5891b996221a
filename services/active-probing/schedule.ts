import type { Clock } from '@sphinx/platform';
import type { Device, ProbePolicy } from '@sphinx/probes/policy';
import { policyFor } from '@sphinx/probes/policy';
import type { Prober } from './prober.ts';
import type { ProbingStore } from './store.ts';

const LOOK_EVERY_MS = 15_000;
const DAY_MS = 86_400_000;
const SECOND_MS = 1000;

export interface Schedule {
  /** A device was seen for the first time. */
  noteNew(device: Device, at: number): void;
  stop(): Promise<void>;
}

/** Asks for probes of new devices, once they had time to show what they are, and of known ones when their policy says so. */
export function startSchedule(options: {
  prober: Prober;
  store: ProbingStore;
  clock: Clock;
  policies: readonly ProbePolicy[];
  settleSeconds: number;
  onFailure: (error: unknown) => void;
}): Schedule {
  const { prober, store, clock, policies, settleSeconds, onFailure } = options;
  const fresh = new Map<string, number>();
  const timers = new Set<NodeJS.Timeout>();
  let isStopped = false;
  let looking: Promise<void> = Promise.resolve();

  const look = async () => {
    if (isStopped || prober.stop !== undefined) return;
    const last = await store.lastCompleted();
    const now = clock.now();
    for (const device of prober.devices()) {
      const policy = policyFor(device, policies);
      if (policy === undefined || device.isSample || device.assetId === undefined) continue;
      const occasion = occasionOf(device, policy, {
        now,
        last: last.get(device.ip),
        freshSince: fresh.get(device.assetId),
      });
      if (occasion === undefined) continue;
      fresh.delete(device.assetId);
      // What is not allowed now is no news: a refusal of the schedule would be told every few seconds.
      if (prober.preview(device, occasion).isAllowed) await prober.request(device, occasion, '');
    }
  };
  const occasionOf = (
    { ip }: Device,
    policy: ProbePolicy,
    { now, last, freshSince }: { now: number; last: number | undefined; freshSince: number | undefined },
  ) => {
    if (prober.isBusyWith(ip)) return undefined;
    if (last === undefined && freshSince !== undefined && now >= freshSince + settleSeconds * SECOND_MS)
      return 'first-sight';
    return last === undefined
      ? freshSince === undefined
        ? 'periodic'
        : undefined
      : now >= last + policy.periodicDays * DAY_MS
        ? 'periodic'
        : undefined;
  };
  const start = () => {
    looking = looking.then(look).catch(onFailure);
  };
  const timer = setInterval(start, LOOK_EVERY_MS);
  timer.unref();
  return {
    noteNew({ assetId }, at) {
      if (assetId === undefined) return;
      fresh.set(assetId, at);
      const due = setTimeout(() => {
        timers.delete(due);
        start();
      }, settleSeconds * SECOND_MS);
      timers.add(due);
    },
    async stop() {
      isStopped = true;
      clearInterval(timer);
      for (const due of timers) clearTimeout(due);
      await looking;
    },
  };
}
