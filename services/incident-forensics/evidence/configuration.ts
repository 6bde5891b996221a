import type { Bus } from '@sphinx/platform';
import { type Asset, AssetFactName, type Fact } from '@sphinx/schema';
import type { IncidentView } from '../incidents/incident-record.ts';
import type { NewEvidence } from './evidence-item.ts';

const MAXIMUM_DEVICES = 20;
const FACTS_PER_READ = 100;
/** Facts of one device that are looked through for what it was before. */
const MAXIMUM_FACTS = 2000;
/** Steps of one device that are told one by one. */
const MAXIMUM_STEPS = 100;

/** One thing about a device that is not as it was; empty where there was, or is, nothing. */
export interface ConfigurationChange {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** A device before an incident began and now, with what changed in between. */
export interface DeviceConfiguration {
  readonly assetId: string;
  readonly name: string;
  readonly before: Asset | null;
  readonly now: Asset;
  readonly changes: readonly ConfigurationChange[];
  /** Each change since it began, oldest first. */
  readonly steps: readonly { readonly time: number; readonly changes: readonly ConfigurationChange[] }[];
}

/** @returns what the inventory said of each device before the incident began and says now, and every change in between */
export async function configurationEvidence(view: IncidentView, bus: Bus): Promise<NewEvidence | undefined> {
  const devices: DeviceConfiguration[] = [];
  for (const { assetId, name } of view.assets.slice(0, MAXIMUM_DEVICES)) {
    const device = await readDevice(assetId, name, view.firstSeen, bus);
    if (device !== undefined) devices.push(device);
  }
  if (devices.length === 0) return undefined;
  const changed = devices.filter(({ changes }) => changes.length > 0).length;
  const said = changed === 0 ? 'none of them changed' : `${changed} of ${devices.length} changed`;
  return {
    kind: 'asset-configuration',
    name: 'asset-configuration.json',
    about: `What the inventory said of the devices before it began, and when this was collected: ${said}`,
    mediaType: 'application/json',
    isMasked: true,
    content: Buffer.from(`${JSON.stringify(devices, null, 2)}\n`),
  };
}

async function readDevice(
  assetId: string,
  name: string,
  beganAt: number,
  bus: Bus,
): Promise<DeviceConfiguration | undefined> {
  const since: { time: number; asset: Asset }[] = [];
  let before: Asset | null = null;
  let after: number | undefined;
  for (let read = 0; read < MAXIMUM_FACTS && before === null; read += FACTS_PER_READ) {
    const told = await bus.read({
      types: ['asset.discovered', 'asset.updated'],
      key: assetId,
      limit: FACTS_PER_READ,
      order: 'newest-first',
      ...(after === undefined ? {} : { afterSequence: after }),
    });
    for (const { fact } of told) {
      const asset = assetOf(fact);
      if (asset === undefined) continue;
      if (fact.time <= beganAt) {
        before = asset;
        break;
      }
      since.push({ time: fact.time, asset });
    }
    after = told.at(-1)?.sequence;
    if (told.length < FACTS_PER_READ) break;
  }
  const now = since[0]?.asset ?? before;
  if (now === null) return undefined;
  const changes = before === null ? [] : configurationChanges(before, now);
  return { assetId, name, before, now, changes, steps: stepsOf(before, since.toReversed()) };
}

function stepsOf(before: Asset | null, since: readonly { readonly time: number; readonly asset: Asset }[]) {
  const steps: { time: number; changes: readonly ConfigurationChange[] }[] = [];
  let last = before;
  for (const { time, asset } of since) {
    const changes = last === null ? [] : configurationChanges(last, asset);
    if (changes.length > 0) steps.push({ time, changes });
    last = asset;
  }
  return steps.slice(-MAXIMUM_STEPS);
}

/** @returns what of a device is not as it was: addresses, names, what is known of it, services, whom it has to do with */
export function configurationChanges(before: Asset, after: Asset): readonly ConfigurationChange[] {
  const facts = AssetFactName.options.map((fact): ConfigurationChange => {
    return { what: fact, before: before.facts[fact]?.value ?? '', after: after.facts[fact]?.value ?? '' };
  });
  return [
    { what: 'name', before: before.name, after: after.name },
    ...facts,
    ...listChanges('address', before.ips, after.ips),
    ...listChanges('hardware address', before.macs, after.macs),
    ...listChanges('host name', before.hostnames, after.hostnames),
    ...listChanges('service', before.services.map(serviceText), after.services.map(serviceText)),
    ...listChanges('peer', before.peers.map(peerText), after.peers.map(peerText)),
    ...listChanges('conflict', before.conflicts.map(conflictText), after.conflicts.map(conflictText)),
  ].filter((change) => change.before !== change.after);
}

function listChanges(
  what: string,
  before: readonly string[],
  after: readonly string[],
): readonly ConfigurationChange[] {
  const [was, is] = [new Set(before), new Set(after)];
  return [
    ...[...was].filter((value) => !is.has(value)).map((value) => ({ what, before: value, after: '' })),
    ...[...is].filter((value) => !was.has(value)).map((value) => ({ what, before: '', after: value })),
  ];
}

function serviceText({ transport, port, protocol, isEncrypted }: Asset['services'][number]): string {
  return `${transport} ${port} ${protocol}${isEncrypted ? ', encrypted' : ''}`;
}

function peerText({ direction, ip, transport, port, protocol }: Asset['peers'][number]): string {
  return `${direction === 'outgoing' ? 'to' : 'from'} ${ip}, ${transport} ${port} ${protocol}`;
}

function conflictText({ kind, value, detail }: Asset['conflicts'][number]): string {
  return `${kind} ${value}: ${detail}`;
}

function assetOf(fact: Fact): Asset | undefined {
  return fact.type === 'asset.discovered' || fact.type === 'asset.updated' ? fact.data : undefined;
}
