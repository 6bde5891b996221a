import type { ServiceContext } from '@sphinx/platform';
import type { CertificateRecord } from '@sphinx/schema';
import type { DeviceVerificationSettings } from './manifest.ts';
import type { VerificationStore } from './store.ts';
import type { Verifier } from './verifier.ts';

const HOUR_MS = 3_600_000;
/** A certificate is renewed when less than this part of its time is left. */
const RENEWAL_FRACTION = 0.1;
const LONGEST_VALIDITY_MS = 366 * 24 * HOUR_MS;

/** What time alone changes. */
export interface Sweep {
  stop(): Promise<void>;
}

/**
 * Starts the expiry job: certificates that ran out are marked, those about to run out are renewed when their asset was seen
 * since they were issued, and every asset is judged again once in a while because dates pass. The first review starts at
 * once, so that new knowledge reaches assets that no longer change.
 */
export function startSweep(options: {
  context: Pick<ServiceContext<DeviceVerificationSettings>, 'clock' | 'jobs' | 'settings' | 'fail'>;
  store: VerificationStore;
  verifier: Verifier;
  afterSweep: () => Promise<void>;
}): Sweep {
  const { context, store, verifier } = options;
  let nextReview = context.clock.now();
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();
  const sweep = async () => {
    const now = context.clock.now();
    await settleCertificates(store, verifier, now);
    if (now >= nextReview) {
      nextReview = now + context.settings.reviewHours * HOUR_MS;
      await reviewAll(context, store, verifier, () => isStopped);
    }
    await options.afterSweep();
  };
  const start = () => {
    running = running.then(() => (isStopped ? undefined : sweep())).catch((error) => context.fail(error));
  };
  const timer = setInterval(start, context.settings.sweepSeconds * 1000);
  timer.unref();
  start();
  return {
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

/** Marks expired certificates and renews those that are about to expire. @param now milliseconds since the Unix epoch */
export async function settleCertificates(store: VerificationStore, verifier: Verifier, now: number): Promise<void> {
  for (const certificate of await store.validUntilBefore(now + LONGEST_VALIDITY_MS * RENEWAL_FRACTION)) {
    if (!isDue(certificate, now)) continue;
    const asset = await store.snapshot(certificate.assetId);
    const isStillSeen = asset !== undefined && asset.lastSeen > certificate.issuedAt;
    if (isStillSeen) await verifier.renew(certificate);
    else if (certificate.expiresAt <= now) await verifier.expire(certificate);
  }
}

function isDue(certificate: CertificateRecord, now: number): boolean {
  const validity = certificate.expiresAt - certificate.issuedAt;
  return certificate.expiresAt - now <= validity * RENEWAL_FRACTION;
}

async function reviewAll(
  context: Pick<ServiceContext<DeviceVerificationSettings>, 'jobs'>,
  store: VerificationStore,
  verifier: Verifier,
  isStopped: () => boolean,
): Promise<void> {
  const assetIds = await store.assetIds();
  if (assetIds.length === 0) return;
  const job = await context.jobs.start(
    { owner: 'device-verification', kind: 'review', title: 'Judge all assets again' },
    async ({ signal, progress }) => {
      for (const [index, assetId] of assetIds.entries()) {
        if (signal.aborted || isStopped()) break;
        await verifier.reviewById(assetId);
        if (index % 50 === 0) progress(index / assetIds.length, `${index} of ${assetIds.length} assets`);
      }
      return { assets: assetIds.length };
    },
  );
  await context.jobs.finished(job);
}
