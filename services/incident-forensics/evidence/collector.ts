import type { Bus, EventStore, Logger, StoredCaptures } from '@sphinx/platform';
import type { TelemetryRow, TelemetryTable } from '@sphinx/schema';
import type { AssetBook } from '../assets/asset-book.ts';
import type { IncidentView, SignalRow } from '../incidents/incident-record.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import { countText } from '../story/count-text.ts';
import { cutPackets } from './cut-packets.ts';
import type { EvidenceDesk } from './evidence-desk.ts';
import type { EvidenceItem, NewEvidence } from './evidence-item.ts';

const MINUTE_MS = 60_000;
const BEFORE_MS = 10 * MINUTE_MS;
const AFTER_MS = 30 * MINUTE_MS;
const MAXIMUM_ROWS = 5000;
const MAXIMUM_HOSTS = 20;
const MAXIMUM_PACKET_BYTES = 64 * 1024 * 1024;
const BY = 'SPHINX';

export interface CollectorParts {
  readonly incidents: IncidentStore;
  readonly evidence: EvidenceDesk;
  readonly assets: AssetBook;
  readonly telemetry: EventStore;
  readonly captures: StoredCaptures;
  readonly bus: Bus;
  readonly logger: Logger;
}

/** Collects what proves an incident before it is overwritten. What cannot be had is left out, and said. */
export class Collector {
  readonly #parts: CollectorParts;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(parts: CollectorParts) {
    this.#parts = parts;
  }

  /** Collects after whatever is being collected. @param by who asked for it */
  collect(view: IncidentView, by = BY): Promise<readonly EvidenceItem[]> {
    const collected = this.#queue.then(() => this.#collect(view, by));
    this.#queue = collected.catch((error: unknown) => {
      this.#parts.logger.warn('Evidence of an incident was not collected', { incident: view.id, error: String(error) });
    });
    return collected;
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
    await keep(await this.#configuration(view));
    for (const table of TABLES) await keep(await this.#rows(view, table));
    for (const source of sourcesOf(signals)) await keep(await this.#packets(view, source));
    return collected;
  }

  /** What the inventory said of each device before it began, and what it says now. */
  async #configuration(view: IncidentView): Promise<NewEvidence | undefined> {
    const assets = [];
    for (const { assetId, name } of view.assets.slice(0, MAXIMUM_HOSTS)) {
      const told = await this.#parts.bus.read({
        types: ['asset.discovered', 'asset.updated'],
        key: assetId,
        limit: 50,
        order: 'newest-first',
      });
      const now = told[0]?.fact;
      const before = told.find(({ fact }) => fact.time <= view.firstSeen)?.fact;
      if (now !== undefined) assets.push({ assetId, name, before: before?.data ?? null, now: now.data });
    }
    if (assets.length === 0) return undefined;
    const about = 'What the inventory said of the devices before it began, and when this was collected';
    return jsonEvidence('asset-configuration', 'asset-configuration.json', about, assets);
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

function jsonEvidence(
  kind: 'alerts' | 'asset-configuration',
  name: string,
  about: string,
  value: unknown,
): NewEvidence {
  const content = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  return { kind, name, about, mediaType: 'application/json', isMasked: true, content };
}
