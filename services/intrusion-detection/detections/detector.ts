import type { Bus, Clock, Logger } from '@sphinx/platform';
import { createFact, type Detection } from '@sphinx/schema';
import type { Finding } from '../sensor/finding.ts';
import type { DetectionStore } from '../store.ts';

const MINUTE_MS = 60_000;

interface Budget {
  minute: number;
  used: number;
}

/** Makes facts of what sensor threads found. */
export class Detector {
  readonly #store: DetectionStore;
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #maximumPerMinute: number;
  readonly #notify: () => void;
  /** By source, in the time of its packets: reading a file twice keeps the same detections. */
  readonly #budgets = new Map<string, Budget>();
  /** Detections that were counted but not kept. */
  shed = 0;

  constructor(options: {
    readonly store: DetectionStore;
    readonly bus: Bus;
    readonly clock: Clock;
    readonly logger: Logger;
    readonly maximumPerMinute: number;
    readonly notify: () => void;
  }) {
    this.#store = options.store;
    this.#bus = options.bus;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#maximumPerMinute = options.maximumPerMinute;
    this.#notify = options.notify;
  }

  /** Resolves when every detection is a fact. A detection that is known already changes nothing. */
  async take(findings: readonly Finding[], isSample: boolean): Promise<void> {
    const detections: Detection[] = [];
    for (const finding of findings) {
      if (finding.kind === 'dropped') this.#shed(finding.count);
      else if (finding.kind === 'detection') {
        if (this.#mayKeep(finding.detection.packet.source, finding.detection.time)) {
          detections.push({ ...finding.detection, isSample });
        } else this.#shed(1);
      }
    }
    await this.#store.addUsage(
      findings.filter((finding) => finding.kind === 'usage'),
      this.#clock.now(),
    );
    if (detections.length === 0) return;
    // Published first: what is stored but was never published would be lost; what is published twice changes nothing.
    await this.#bus.publish(
      detections.map((data) =>
        createFact('detection.found', {
          key: `detection:${data.id}`,
          time: data.time,
          source: 'intrusion-detection',
          data,
        }),
      ),
    );
    const added = await this.#store.addDetections(detections);
    if (added.length > 0) this.#notify();
  }

  #mayKeep(source: string, timeMs: number): boolean {
    const minute = Math.floor(timeMs / MINUTE_MS);
    const budget = this.#budgets.get(source);
    if (budget === undefined || budget.minute !== minute) {
      this.#budgets.set(source, { minute, used: 1 });
      return true;
    }
    budget.used += 1;
    return budget.used <= this.#maximumPerMinute;
  }

  #shed(count: number): void {
    if (this.shed === 0) this.#logger.warn('More detections than are kept: further ones are counted only', { count });
    this.shed += count;
  }

  /** A source was taken back. */
  async forget(source: string): Promise<void> {
    this.#budgets.delete(source);
    await this.#store.removeSource(source);
    this.#notify();
  }
}
