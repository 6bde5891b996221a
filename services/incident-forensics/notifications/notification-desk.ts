import type { Clock, Logger, Secrets } from '@sphinx/platform';
import type { Fact, Incident } from '@sphinx/schema';
import { type Channel, isWanted, mayTellAt, onCallAt } from './channel.ts';
import type { ChannelStore, Delivery } from './channel-store.ts';
import type { Message } from './message.ts';
import type { Sending } from './send.ts';

/** Waits between attempts: together a day and a half. */
const WAITS_MS = [10, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 57_600].map((seconds) => seconds * 1000);
const BATCH = 20;
const POLL_MS = 5000;

export interface NotificationDeskParts {
  readonly store: ChannelStore;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Sends one message. @throws Error with what went wrong */
  readonly send: (sending: Sending) => Promise<void>;
  notify(): void;
}

/** Tells people of incidents: once per channel and event, again until it worked, not in quiet hours. */
export class NotificationDesk {
  readonly #parts: NotificationDeskParts;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();

  constructor(parts: NotificationDeskParts) {
    this.#parts = parts;
  }

  /** Looks for what is due now and then: after a restart, and when quiet hours end. */
  start(): void {
    this.#timer = setInterval(() => void this.deliver(), POLL_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#working;
  }

  /** Takes facts on incidents; durable when it resolves. */
  async take(facts: readonly Fact<'incident.opened' | 'incident.updated' | 'incident.closed'>[]): Promise<void> {
    const { store, clock } = this.#parts;
    const channels = await store.channels();
    for (const { id, type, time, data } of facts) {
      const event = type.slice('incident.'.length) as 'opened' | 'updated' | 'closed';
      for (const channel of channels) {
        if (!isWanted(channel, event, data.severity)) continue;
        const message: Message = { event, time, incident: data };
        const dueAt = mayTellAt(channel, data.severity, clock.now());
        await store.enqueue({ id: `${id}:${channel.id}`, channel: channel.id, dueAt, message });
      }
    }
    void this.deliver();
  }

  /** Sends a message that says that it is a test. @throws Error with what went wrong */
  async test(channel: Channel, by: string): Promise<void> {
    const now = this.#parts.clock.now();
    const message: Message = { event: 'test', time: now, incident: testIncident(by, now) };
    await this.#send({ id: `test-${now}`, channel, message });
  }

  /** Sends what is due. Never rejects. */
  deliver(): Promise<void> {
    this.#working = this.#working
      .then(() => this.#deliver())
      .catch((error: unknown) => {
        this.#parts.logger.warn('Notifications could not be looked at', { error: String(error) });
      });
    return this.#working;
  }

  async #deliver(): Promise<void> {
    const { store, clock, notify } = this.#parts;
    const due = await store.due(clock.now(), BATCH);
    for (const delivery of due) await store.settle(await this.#attempt(delivery));
    if (due.length > 0) notify();
  }

  async #attempt(delivery: Delivery): Promise<Delivery> {
    const { store, clock, logger } = this.#parts;
    const channel = await store.get(delivery.channel);
    if (channel === undefined || !channel.isEnabled)
      return { ...delivery, state: 'given-up', error: 'the channel is off' };
    const attempts = delivery.attempts + 1;
    try {
      await this.#send({ id: delivery.id, channel, message: delivery.message });
      return { ...delivery, state: 'told', attempts, error: '', toldAt: clock.now() };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const wait = WAITS_MS[delivery.attempts];
      if (wait === undefined) logger.warn('A notification is given up', { channel: channel.name, reason });
      if (wait === undefined) return { ...delivery, state: 'given-up', attempts, error: reason };
      return { ...delivery, attempts, error: reason, dueAt: clock.now() + wait };
    }
  }

  async #send({ id, channel, message }: { id: string; channel: Channel; message: Message }): Promise<void> {
    const { secrets, clock, send } = this.#parts;
    const secret = await secrets.get(secretNameOf(channel.id));
    const onCall = onCallAt(channel, message.incident.severity, clock.now());
    const text = secret === undefined ? '' : Buffer.from(secret).toString('utf8');
    await send({ target: channel.target, message, secret: text, onCall, id });
  }
}

export function secretNameOf(channel: string): string {
  return `channel-${channel}`;
}

function testIncident(by: string, now: number): Incident {
  return {
    id: 'test',
    number: 1,
    title: 'Test of notifications',
    summary: `${by} tests whether notifications arrive. Nothing happened.`,
    severity: 'critical',
    clinicalImpact: '',
    status: 'new',
    verdict: null,
    owner: null,
    stages: [],
    techniques: [],
    assets: [],
    users: [],
    addresses: [],
    analytics: [],
    signals: 0,
    firstSeen: now,
    lastSeen: now,
    openedAt: now,
    closedAt: null,
    isSample: false,
  };
}
