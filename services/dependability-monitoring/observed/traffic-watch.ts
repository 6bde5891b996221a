import { networkInterfaces } from 'node:os';
import type { TelemetryRow } from '@sphinx/schema';
import type { Voice } from '../state/service-state.ts';
import type { MonitoredService } from '../watch/monitored-service.ts';
import { readFlow, readRecord } from './read-traffic.ts';
import { findSilence, type Silence } from './silence.ts';
import { ANYBODY, type TrafficStore } from './traffic-store.ts';
import { added, NO_TRAFFIC, type TrafficCount, TrafficWindow } from './traffic-window.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LEARNT_DAYS = 30;
/** Older rows come from captures of the past, and say nothing about now. */
const LIVE_MS = 5 * 60_000;
const TITLE = 'Observed traffic';

export interface TrafficWatchParts {
  readonly store: TrafficStore;
  readonly services: () => readonly MonitoredService[];
  readonly addressesOf: (service: MonitoredService) => readonly string[];
  /** Addresses of this machine: its own checks are no use of a service. */
  readonly ownAddresses: ReadonlySet<string>;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

/** What is seen of a service now. */
export interface SeenTraffic extends TrafficCount {
  /** Begin of the hour in which it was heard last, or the moment where that was since the start; null: never. */
  readonly lastHeard: number | null;
  readonly isSilent: boolean;
}

interface Watched {
  readonly id: string;
  /** Ports of its checks; empty where it is watched by its traffic alone. */
  readonly ports: ReadonlySet<number>;
}

/** Watches the traffic of services: failures, connections that nobody takes, messages that nobody acknowledges, silence. */
export class TrafficWatch {
  readonly #parts: TrafficWatchParts;
  #byAddress = new Map<string, Watched[]>();
  readonly #windows = new Map<string, TrafficWindow>();
  /** By service and hour, not yet stored. */
  #waiting = new Map<string, { service: string; hour: number; count: TrafficCount }>();
  readonly #heard = new Map<string, number>();
  /** Hours in which it was noted that anybody is heard. */
  readonly #anybodyHours = new Set<number>();
  readonly #silences = new Map<string, Silence>();

  constructor(parts: TrafficWatchParts) {
    this.#parts = parts;
  }

  async open(): Promise<void> {
    for (const [service, hour] of await this.#parts.store.lastHeard()) this.#heard.set(service, hour);
    this.renew();
  }

  /** Takes up which services there are. */
  renew(): void {
    const byAddress = new Map<string, Watched[]>();
    const services = this.#parts.services().filter(({ isTrafficWatched }) => isTrafficWatched);
    for (const service of services) {
      const watched = {
        id: service.id,
        ports: new Set(service.checks.map(({ port }) => port).filter((port) => port > 0)),
      };
      for (const ip of this.#parts.addressesOf(service)) byAddress.set(ip, [...(byAddress.get(ip) ?? []), watched]);
    }
    this.#byAddress = byAddress;
    const ids = new Set(services.map(({ id }) => id));
    for (const map of [this.#windows, this.#heard, this.#silences])
      for (const id of map.keys()) if (!ids.has(id)) map.delete(id);
  }

  takeFlow(row: TelemetryRow<'network_activity'>): void {
    this.#take(row, row.end_time, () => readFlow(row));
  }

  takeRecord(row: TelemetryRow<'protocol_activity'>): void {
    this.#take(row, row.time, () => readRecord(row));
  }

  /** What traffic says of a service; undefined where nobody wants to know. */
  voice(service: MonitoredService): Voice | undefined {
    if (!service.isTrafficWatched) return undefined;
    const now = this.#parts.now();
    const judged = this.#windows.get(service.id)?.judge(now) ?? { state: 'unknown' as const, message: '' };
    const silence = this.#silences.get(service.id);
    const base = { title: TITLE, isEssential: true };
    if (judged.state !== 'unknown') return { ...base, ...judged };
    if (silence !== undefined) {
      const { usualDays, days } = silence;
      const message = `It is silent for two hours; on ${usualDays} of ${days} days like this it was heard at this time.`;
      return { ...base, state: 'degraded', message };
    }
    // Nothing to do is no outage.
    if (this.#heard.has(service.id)) return { ...base, state: 'up', message: 'It is not used at the moment.' };
    return { ...base, state: 'unknown', message: 'It was not heard yet.' };
  }

  seen({ id, isTrafficWatched }: MonitoredService): SeenTraffic | null {
    if (!isTrafficWatched) return null;
    const count = this.#windows.get(id)?.sum(this.#parts.now()) ?? NO_TRAFFIC;
    return { ...count, lastHeard: this.#heard.get(id) ?? null, isSilent: this.#silences.has(id) };
  }

  /** Stores what was counted since the last time. */
  async store(): Promise<void> {
    const waiting = [...this.#waiting.values()];
    this.#waiting = new Map();
    for (const { service, hour, count } of waiting) await this.#parts.store.add(service, hour, count);
  }

  /** Looks for services that are silent and should not be. */
  async listen(): Promise<void> {
    const now = this.#parts.now();
    for (const service of this.#parts.services()) {
      if (!service.isTrafficWatched) continue;
      const since = Math.max(now - LEARNT_DAYS * DAY_MS, service.createdAt);
      const silence = findSilence(await this.#parts.store.hours(service.id, since), now);
      const isBack = (this.#heard.get(service.id) ?? 0) >= Math.floor(now / HOUR_MS) * HOUR_MS;
      if (silence === undefined || isBack) this.#silences.delete(service.id);
      else this.#silences.set(service.id, silence);
    }
  }

  #take(
    row: TelemetryRow<'network_activity'> | TelemetryRow<'protocol_activity'>,
    time: number,
    read: () => Partial<TrafficCount> | undefined,
  ): void {
    if (row.is_sample || this.#byAddress.size === 0) return;
    const now = this.#parts.now();
    if (time < now - LIVE_MS || time > now + LIVE_MS) return;
    this.#noteAnybody(time);
    if (this.#parts.ownAddresses.has(row.src_ip)) return;
    const servers = this.#byAddress.get(row.dst_ip)?.filter(({ ports }) => ports.size === 0 || ports.has(row.dst_port));
    if (servers !== undefined && servers.length > 0) {
      const part = read();
      if (part !== undefined) for (const { id } of servers) this.#count(id, time, part);
    }
    // What a device does itself says that it lives, where nothing but its traffic is watched.
    for (const { id, ports } of this.#byAddress.get(row.src_ip) ?? []) if (ports.size === 0) this.#hear(id, time);
  }

  #count(id: string, time: number, part: Partial<TrafficCount>): void {
    const window = this.#windows.get(id) ?? new TrafficWindow();
    this.#windows.set(id, window);
    window.add(time, part);
    const isUsed = (part.requests ?? 0) + (part.messages ?? 0) + (part.connections ?? 0) - (part.refused ?? 0) > 0;
    if (isUsed) this.#hear(id, time, part);
  }

  #hear(id: string, time: number, part: Partial<TrafficCount> = {}): void {
    this.#heard.set(id, Math.max(time, this.#heard.get(id) ?? 0));
    this.#silences.delete(id);
    this.#note(id, time, part);
  }

  /** Once an hour: rows come by the thousand. */
  #noteAnybody(time: number): void {
    const hour = Math.floor(time / HOUR_MS) * HOUR_MS;
    if (this.#anybodyHours.has(hour)) return;
    if (this.#anybodyHours.size > 2) this.#anybodyHours.clear();
    this.#anybodyHours.add(hour);
    this.#note(ANYBODY, time, {});
  }

  #note(service: string, time: number, part: Partial<TrafficCount>): void {
    const hour = Math.floor(time / HOUR_MS) * HOUR_MS;
    const key = `${hour} ${service}`;
    const known = this.#waiting.get(key);
    if (known !== undefined && Object.keys(part).length === 0) return;
    const count = added(known?.count ?? NO_TRAFFIC, { ...NO_TRAFFIC, ...part });
    this.#waiting.set(key, { service, hour, count });
  }
}

/** @returns addresses of this machine */
export function ownAddresses(): ReadonlySet<string> {
  return new Set(Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address)));
}
