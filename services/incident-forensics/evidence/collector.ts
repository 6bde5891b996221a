import { createHash } from 'node:crypto';
import type { Bus, EventStore, Logger, StoredCaptures, StoredSessions } from '@sphinx/platform';
import type { TelemetryRow, TelemetryTable } from '@sphinx/schema';
import type { AssetBook } from '../assets/asset-book.ts';
import type { IncidentView, SignalRow } from '../incidents/incident-record.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import { countText } from '../story/count-text.ts';
import { configurationEvidence } from './configuration.ts';
import { cutPackets } from './cut-packets.ts';
import type { EvidenceDesk } from './evidence-desk.ts';
import type { EvidenceItem, NewEvidence } from './evidence-item.ts';

const MINUTE_MS = 60_000;
const BEFORE_MS = 10 * MINUTE_MS;
const AFTER_MS = 30 * MINUTE_MS;
const MAXIMUM_ROWS = 5000;
const MAXIMUM_HOSTS = 20;
const MAXIMUM_PACKET_BYTES = 64 * 1024 * 1024;
/** Visits to decoys of one incident. */
const MAXIMUM_SESSIONS = 50;
const BY = 'SPHINX';

export interface CollectorParts {
  readonly incidents: IncidentStore;
  readonly evidence: EvidenceDesk;
  readonly assets: AssetBook;
  readonly telemetry: EventStore;
  readonly captures: StoredCaptures;
  readonly sessions: StoredSessions;
  readonly bus: Bus;
  readonly logger: Logger;
  /** What is kept of an incident. */
  items(incident: string): Promise<readonly EvidenceItem[]>;
  /** Has what was collected stamped by an authority. */
  stamp(incident: string): Promise<void>;
  /** Something on the pages changed. */
  notify(): void;
}

/** Collects what proves an incident before it is overwritten. What cannot be had is left out, and said. */
export class Collector {
  readonly #parts: CollectorParts;
  readonly #awaited = new Set<string>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(parts: CollectorParts) {
    this.#parts = parts;
  }

  /** Collects after whatever is being collected. @param by who asked for it */
  collect(view: IncidentView, by = BY): Promise<readonly EvidenceItem[]> {
    return this.#enqueue(view, () => this.#collect(view, by));
  }

  /** Collects visits to decoys that came since. */
  collectSessions(view: IncidentView): Promise<readonly EvidenceItem[]> {
    return this.#enqueue(view, async () => this.#sessions(view, await this.#parts.incidents.signalsOf(view.id), BY));
  }

  /** Collects what is known only afterwards: how the devices are now, and visits to decoys that are over. */
  collectAfterwards(view: IncidentView): Promise<readonly EvidenceItem[]> {
    return this.#enqueue(view, async () => {
      const configuration = await configurationEvidence(view, this.#parts.bus);
      const signals = await this.#parts.incidents.signalsOf(view.id);
      return [
        ...(configuration === undefined ? [] : await this.#keepNew(view, [configuration], BY)),
        ...(await this.#sessions(view, signals, BY)),
      ];
    });
  }

  #enqueue<T>(view: IncidentView, work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done
      .then(() => this.#parts.stamp(view.id))
      .then(this.#parts.notify, (error: unknown) => {
        this.#parts.logger.warn('Evidence of an incident was not collected', {
          incident: view.id,
          error: String(error),
        });
      });
    return done;
  }

  /** Resolves when nothing is being collected. */
  async settled(): Promise<void> {
    await this.#queue;
  }

  async #collect(view: IncidentView, by: string): Promise<readonly EvidenceItem[]> {
    const { evidence, incidents } = this.#parts;
    const signals = await incidents.signalsOf(view.id);
    const collected: EvidenceItem[] = [];
    const keep = async (found: NewEvidence | undefined) => {
      if (found !== undefined) collected.push(await evidence.add(view.id, found, by, 'collected'));
    };
    await keep(jsonEvidence('alerts', 'alerts.json', 'Detections and alerts of the incident', signals));
    await keep(await configurationEvidence(view, this.#parts.bus));
    for (const table of TABLES) await keep(await this.#rows(view, table));
    for (const source of sourcesOf(signals)) await keep(await this.#packets(view, source));
    collected.push(...(await this.#sessions(view, signals, by)));
    return collected;
  }

  /** Visits to decoys. One that goes on is collected when it is over, unless a person asks for it now. */
  async #sessions(view: IncidentView, signals: readonly SignalRow[], by: string): Promise<readonly EvidenceItem[]> {
    const collected: EvidenceItem[] = [];
    for (const id of sessionsOf(signals).slice(-MAXIMUM_SESSIONS)) {
      const session = await this.#parts.sessions.open(id);
      if (session === undefined) continue;
      if (!session.isLive || by !== BY) collected.push(...(await this.#keepNew(view, session.pieces, by)));
      if (session.isLive) this.#collectWhenOver(view, id);
    }
    return collected;
  }

  /** What is kept already is not kept again. */
  async #keepNew(view: IncidentView, pieces: readonly NewEvidence[], by: string): Promise<readonly EvidenceItem[]> {
    const known = new Set((await this.#parts.items(view.id)).map(({ sha256 }) => sha256));
    const collected: EvidenceItem[] = [];
    for (const piece of pieces) {
      if (known.has(createHash('sha256').update(piece.content).digest('hex'))) continue;
      collected.push(await this.#parts.evidence.add(view.id, piece, by, 'collected'));
    }
    return collected;
  }

  #collectWhenOver(view: IncidentView, id: string): void {
    const key = `${view.id} ${id}`;
    if (this.#awaited.has(key)) return;
    this.#awaited.add(key);
    const keep = async () => {
      this.#awaited.delete(key);
      const session = await this.#parts.sessions.open(id);
      if (session !== undefined) await this.#keepNew(view, session.pieces, BY);
    };
    void this.#parts.sessions
      .over(id)
      .then(() => this.#enqueue(view, keep))
      .catch(() => undefined);
  }

  /** Rows of telemetry of the hosts concerned, around the time of the incident. */
  async #rows(view: IncidentView, [table, kind, one]: (typeof TABLES)[number]) {
    const rows = new Map<string, TelemetryRow<TelemetryTable>>();
    for (const address of this.addressesOf(view).slice(0, MAXIMUM_HOSTS)) {
      const found = await this.#parts.telemetry.select(table, {
        from: view.firstSeen - BEFORE_MS,
        until: view.lastSeen + AFTER_MS,
        address,
        order: 'oldest-first',
        limit: MAXIMUM_ROWS,
      });
      for (const row of found) rows.set(JSON.stringify(row), row);
    }
    if (rows.size === 0) return undefined;
    const lines = [...rows.values()].toSorted((a, b) => a.time - b.time).map((row) => JSON.stringify(row));
    const content = Buffer.from(`${lines.join('\n')}\n`);
    const about = `${countText(rows.size, one)} of the hosts concerned, from ten minutes before to half an hour after`;
    return { kind, name: `${kind}.jsonl`, about, mediaType: 'application/x-ndjson', isMasked: true, content } as const;
  }

  /** Packets between the hosts concerned, where the source keeps its packets. */
  async #packets(view: IncidentView, source: string): Promise<NewEvidence | undefined> {
    const capture = await this.#parts.captures.open(source);
    if (capture === undefined) return undefined;
    const cut = await cutPackets(capture, {
      addresses: new Set(this.addressesOf(view)),
      from: view.firstSeen - BEFORE_MS,
      until: view.lastSeen + AFTER_MS,
      maximumBytes: MAXIMUM_PACKET_BYTES,
    });
    if (cut.content === undefined) return undefined;
    const about = `${countText(cut.packets, 'packet')} between the hosts concerned, from ${source}${cut.isCut ? '; the first 64 MB of them' : ''}`;
    const { content } = cut;
    return {
      kind: 'packets',
      name: `${source}.pcapng`,
      about,
      mediaType: 'application/x-pcapng',
      isMasked: false,
      content,
    };
  }

  /** Addresses of the devices and hosts of an incident. */
  addressesOf(view: IncidentView): readonly string[] {
    const ofAssets = view.assets.flatMap(({ assetId }) => this.#parts.assets.get(assetId)?.ips ?? []);
    return [...new Set([...ofAssets, ...view.addresses.filter((name) => /^[0-9.]+$|:/.test(name))])];
  }
}

/** What is collected, its kind of evidence, and one of them in words. */
const TABLES = [
  ['network_activity', 'flows', 'flow'],
  ['protocol_activity', 'records', 'record'],
  ['file_activity', 'files', 'file'],
] as const;

function sourcesOf(signals: readonly SignalRow[]): readonly string[] {
  return [...new Set(signals.flatMap(({ references }) => references.flatMap(({ packet }) => packet?.source ?? [])))];
}

/** @returns ids of visits to decoys, those that were told first first */
function sessionsOf(signals: readonly SignalRow[]): readonly string[] {
  const references = signals.flatMap((signal) => signal.references);
  return [...new Set(references.flatMap(({ kind, id }) => (kind === 'session' ? id : [])))];
}

function jsonEvidence(kind: 'alerts', name: string, about: string, value: unknown): NewEvidence {
  const content = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  return { kind, name, about, mediaType: 'application/json', isMasked: true, content };
}
