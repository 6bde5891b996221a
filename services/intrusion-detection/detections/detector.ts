import type { Bus, Clock, Logger } from '@sphinx/platform';
import { createFact, type Detection } from '@sphinx/schema';
import type { Finding } from '../sensor/finding.ts';
import type { RuleStore } from '../store.ts';
import type { Moderator } from '../tuning/moderator.ts';
import type { DetectionStore } from './detection-store.ts';

const MINUTE_MS = 60_000;

interface Budget {
  minute: number;
  used: number;
}

/** Makes facts of what sensor threads found. */
export class Detector {
  readonly #detections: DetectionStore;
  readonly #moderator: Moderator;
  readonly #store: RuleStore;
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #maximumPerMinute: number;
  readonly #notify: (topic: 'detections' | 'rules') => void;
  /** By source, in the time of its packets: reading a file twice keeps the same detections. */
  readonly #budgets = new Map<string, Budget>();
  /** Detections that were counted but not kept. */
  shed = 0;

  constructor(options: {
    readonly detections: DetectionStore;
    readonly moderator: Moderator;
    readonly store: RuleStore;
    readonly bus: Bus;
    readonly clock: Clock;
    readonly logger: Logger;
    readonly maximumPerMinute: number;
    readonly notify: (topic: 'detections' | 'rules') => void;
  }) {
    this.#detections = options.detections;
    this.#moderator = options.moderator;
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
        const told = this.#moderator.judge(finding.detection);
        if (told === undefined) continue;
        if (this.#mayKeep(told.packet.source, told.time)) detections.push({ ...told, isSample });
        else this.#shed(1);
      }
    }
    const usage = findings.filter((finding) => finding.kind === 'usage');
    await this.#store.addUsage(usage, this.#clock.now());
    if (usage.some(({ matches }) => matches > 0)) this.#notify('rules');
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
    const added = await this.#detections.addDetections(detections);
    if (added.length > 0) this.#notify('detections');
  }

  /** What another service has detected, and published already. */
  async takeOver(detection: Detection): Promise<void> {
    const added = await this.#detections.addDetections([detection]);
    if (added.length > 0) this.#notify('detections');
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
    await this.#detections.removeSource(source);
    this.#notify('detections');
  }
}
