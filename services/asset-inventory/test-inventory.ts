import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Conversation, createFact, type Fact, type HostEvidence, type HostObservation } from '@sphinx/schema';
import { CaptureReader, createSensor, type PacketHandler, type SensorBatch } from '@sphinx/wire';
import { Classifier } from './classification/classify.ts';
import { loadIdentificationKnowledge } from './classification/load-knowledge.ts';
import { Networks } from './identity/networks.ts';
import { Inventory } from './inventory.ts';
import { AssetInventorySettings } from './manifest.ts';

// What the tests of this service share: facts as traffic monitoring publishes them, and an inventory that takes them in.

export const KNOWLEDGE_FOLDER = fileURLToPath(new URL('../../knowledge', import.meta.url));
export const knowledge = await loadIdentificationKnowledge(KNOWLEDGE_FOLDER);
const classifier = new Classifier(knowledge);

/** 2026-01-05T08:00:00Z, when the working day of the invented hospital begins. */
export const MORNING = Date.UTC(2026, 0, 5, 8);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export type ObservedFact = Fact<'host.observed' | 'conversation.observed' | 'source.removed'>;

export function newInventory(settings: Partial<AssetInventorySettings> = {}): Inventory {
  const { ownNetworks, zones } = AssetInventorySettings.parse(settings);
  return new Inventory({ networks: new Networks(ownNetworks, zones), classifier });
}

/** Where and when something was seen. Times are milliseconds since the epoch. */
export interface Seen {
  readonly at?: number;
  readonly until?: number;
  readonly source?: string;
  readonly sample?: boolean;
}

export function evidence(
  attribute: string,
  value: string,
  fields: Partial<HostEvidence> & Pick<Seen, 'at' | 'until' | 'source'> = {},
): HostEvidence {
  const { at = MORNING, until = at, source = 'test', ...rest } = fields;
  return {
    attribute,
    value,
    protocol: attribute.split('.')[0] ?? '',
    role: 'self',
    firstSeen: at,
    lastSeen: until,
    count: 1,
    packet: { source, number: 1, time: at },
    ...rest,
  };
}

/** A host shows something. @param shown attribute → value, shown by the host itself; or evidence as it is */
export function hostSeen(
  host: HostObservation['host'],
  shown: Readonly<Record<string, string>> | readonly HostEvidence[],
  { at = MORNING, until = at, source = 'test', sample = false }: Seen = {},
): ObservedFact {
  const items = isList(shown)
    ? shown
    : Object.entries(shown).map(([attribute, value]) => evidence(attribute, value, { at, until, source }));
  const data = { source, sample, host, evidence: [...items] };
  return createFact('host.observed', { key: `host:${host.mac ?? host.ip}`, time: until, source: 'test', data });
}

function isList(shown: object): shown is readonly HostEvidence[] {
  return Array.isArray(shown);
}

/** Two hosts talk. */
export function talk(
  client: Conversation['client'],
  server: Conversation['server'],
  fields: Partial<Conversation> & Pick<Seen, 'at'> = {},
): ObservedFact {
  const { at = MORNING, ...rest } = fields;
  const data: Conversation = {
    source: 'test',
    sample: false,
    client,
    server,
    transport: 'tcp',
    serverPort: 80,
    protocol: 'http',
    isEncrypted: false,
    isAnswered: true,
    bytesToServer: 500,
    bytesToClient: 2000,
    packets: 10,
    flows: 1,
    firstSeen: at,
    lastSeen: at,
    packet: { source: rest.source ?? 'test', number: 7, time: at },
    ...rest,
  };
  return createFact('conversation.observed', { key: 'conversation', time: data.lastSeen, source: 'test', data });
}

export function sourceRemoved(source: string, sample = false): ObservedFact {
  const data = { source, sample };
  return createFact('source.removed', { key: source, time: MORNING, source: 'test', data });
}

/** @returns facts of a capture file, in batches as a sensor gives them */
export async function factsOfCapture(path: string, packetsPerBatch = 1000): Promise<ObservedFact[][]> {
  const sensor = createSensor({ source: 'capture', isSample: false });
  const batches: ObservedFact[][] = [];
  let packets = 0;
  const handler: PacketHandler = {
    packet(...packet) {
      sensor.packet(...packet);
      packets += 1;
      if (packets % packetsPerBatch === 0) batches.push(factsOf(sensor.takeBatch()));
    },
  };
  const reader = new CaptureReader(handler);
  for await (const chunk of createReadStream(path)) reader.push(chunk);
  reader.end();
  sensor.finish();
  batches.push(factsOf(sensor.takeBatch()));
  return batches;
}

function factsOf({ hosts, conversations }: SensorBatch): ObservedFact[] {
  return [
    ...hosts.map((data) => createFact('host.observed', { key: 'host', time: 0, source: 'test', data })),
    ...conversations.map((data) => createFact('conversation.observed', { key: 'talk', time: 0, source: 'test', data })),
  ];
}
