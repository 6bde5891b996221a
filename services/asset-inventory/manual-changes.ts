import { SphinxError } from '@sphinx/platform';
import { type AssetFact, AssetFactName, DowntimeCost, deterministicId, PatientSafetyClass } from '@sphinx/schema';
import { z } from 'zod';
import { type Arrangement, arrangementOf, type HistoryEntry, NOTHING_STATED, type Statements } from './asset-record.ts';
import type { IdentificationKnowledge } from './classification/load-knowledge.ts';
import type { Inventory } from './inventory.ts';
import type { InventoryChange } from './inventory-change.ts';

/** What a person may state about an asset. `null` takes a name back, and says of a fact that it is not known. */
export const AssetChange = z
  .object({
    name: z.string().trim().min(1).max(200).nullable().optional(),
    isPinned: z.boolean().optional().meta({ description: 'A pinned asset is confirmed by a person' }),
    facts: z
      .partialRecord(AssetFactName, z.string().trim().min(1).max(500).nullable())
      .optional()
      .meta({ description: 'Fact → value; null: not known; left out: as it is' }),
    resetFacts: z.array(AssetFactName).optional().meta({ description: 'Facts that are found automatically again' }),
  })
  .strict();
export type AssetChange = z.infer<typeof AssetChange>;

/** Who changes something, and when. */
export interface Actor {
  readonly name: string;
  readonly time: number;
}

/** @throws SphinxError SPX_NOT_FOUND, SPX_INVALID_INPUT for a kind, class or zone that does not exist */
export function stateAsset(
  inventory: Inventory,
  knowledge: IdentificationKnowledge,
  id: string,
  change: AssetChange,
  actor: Actor,
  origin: 'manual' | 'imported' = 'manual',
): InventoryChange {
  const record = inventory.record(id);
  requireKnownValues(knowledge, change);
  const facts: Record<string, AssetFact | null> = { ...record.statements.facts };
  for (const name of change.resetFacts ?? []) delete facts[name];
  for (const [name, value] of Object.entries(change.facts ?? {})) {
    facts[name] =
      value === null ? null : { value, confidence: 1, origin: { kind: origin, reference: actor.name }, evidence: [] };
  }
  const name = change.name === undefined ? record.statements.name : (change.name ?? undefined);
  const statements: Statements = {
    ...(name === undefined ? {} : { name }),
    isPinned: change.isPinned ?? record.statements.isPinned,
    facts,
  };
  const action = origin === 'imported' ? 'imported' : 'stated';
  return inventory.rearrange([{ ...arrangementOf(record), statements }], {
    assetId: id,
    time: actor.time,
    by: actor.name,
    action,
    detail: describeStatement(change),
  });
}

/** Makes several assets one, under the id of the first. */
export function mergeAssets(
  inventory: Inventory,
  id: string,
  otherIds: readonly string[],
  actor: Actor,
): InventoryChange {
  const others = [...new Set(otherIds)].filter((other) => other !== id).map((other) => inventory.record(other));
  if (others.length === 0) throw new SphinxError('SPX_INVALID_INPUT', 'Name at least one other asset to merge.');
  const target = inventory.record(id);
  if (others.some(({ isSample }) => isSample !== target.isSample)) {
    throw new SphinxError('SPX_INVALID_INPUT', 'Sample assets and real ones cannot be merged.');
  }
  const names = others.map((other) => inventory.get(other.id).name).join(', ');
  const merged: Arrangement = {
    ...arrangementOf(target),
    endpoints: [...target.endpoints, ...others.flatMap(({ endpoints }) => [...endpoints])],
  };
  const emptied = others.map((other) => ({ ...arrangementOf(other), endpoints: [] }));
  return inventory.rearrange(
    [merged, ...emptied],
    { assetId: id, time: actor.time, by: actor.name, action: 'merged', detail: `Merged with ${names}.` },
    { into: id, ids: others.map((other) => other.id) },
  );
}

/**
 * Makes an asset of its own from some addresses of another one.
 *
 * @param addresses MAC addresses, or IP addresses that were seen through a router
 * @throws SphinxError SPX_INVALID_INPUT where an address cannot be taken out, with the reason
 */
export function splitAsset(
  inventory: Inventory,
  id: string,
  addresses: readonly string[],
  actor: Actor,
): { change: InventoryChange; newId: string } {
  const record = inventory.record(id);
  const wanted = new Set(addresses.map((address) => address.toLowerCase()));
  const leaving = [...record.endpoints].filter((key) => {
    const endpoint = inventory.endpoint(key);
    if (endpoint === undefined) return false;
    if (endpoint.mac !== undefined) return wanted.has(endpoint.mac);
    return [...endpoint.ips.keys()].some((ip) => wanted.has(ip));
  });
  const staying = [...record.endpoints].filter((key) => !leaving.includes(key));
  if (leaving.length === 0) {
    throw new SphinxError(
      'SPX_INVALID_INPUT',
      `No part of this asset stands for ${addresses.join(', ')} alone. An IP address that belongs to a network card is split off by the MAC address of that card.`,
    );
  }
  if (staying.length === 0) {
    throw new SphinxError('SPX_INVALID_INPUT', 'This would leave nothing of the asset. Leave one address out.');
  }
  const newId = freeIdFor(inventory, leaving[0] ?? '');
  const change = inventory.rearrange(
    [
      { ...arrangementOf(record), endpoints: staying },
      { id: newId, isSample: record.isSample, endpoints: leaving, statements: NOTHING_STATED },
    ],
    { assetId: id, time: actor.time, by: actor.name, action: 'split', detail: `Split off ${addresses.join(', ')}.` },
  );
  return { change, newId };
}

/** What an asset can be split into: each network card, and each address that was seen only through a router. */
export function partsOf(inventory: Inventory, id: string): readonly { address: string; ips: readonly string[] }[] {
  const parts = new Map<string, string[]>();
  for (const key of inventory.record(id).endpoints) {
    const endpoint = inventory.endpoint(key);
    if (endpoint === undefined) continue;
    const ips = [...endpoint.ips.keys()];
    const address = endpoint.mac ?? ips[0];
    if (address !== undefined) parts.set(address, [...(parts.get(address) ?? []), ...ips]);
  }
  return [...parts].map(([address, ips]) => ({ address, ips: [...new Set(ips)].sort() }));
}

/** Takes the last change that a person made to an asset back. */
export function undoChange(
  inventory: Inventory,
  entry: HistoryEntry & { readonly before: readonly Arrangement[] },
  actor: Actor,
): InventoryChange {
  return inventory.rearrange(entry.before, {
    assetId: entry.assetId,
    time: actor.time,
    by: actor.name,
    action: 'undone',
    detail: `Taken back: ${entry.detail}`,
  });
}

function requireKnownValues({ kinds, zones }: IdentificationKnowledge, { facts = {} }: AssetChange): void {
  const { kind, zone, patientSafetyClass, downtimeCost } = facts;
  if (typeof kind === 'string' && !kinds.has(kind)) {
    throw new SphinxError('SPX_INVALID_INPUT', `There is no kind "${kind}". GET /asset-kinds lists them.`);
  }
  if (typeof zone === 'string' && !zones.has(zone)) {
    throw new SphinxError('SPX_INVALID_INPUT', `There is no zone "${zone}". Known: ${[...zones.keys()].join(', ')}.`);
  }
  if (typeof patientSafetyClass === 'string' && !PatientSafetyClass.safeParse(patientSafetyClass).success) {
    const known = PatientSafetyClass.options.join(', ');
    throw new SphinxError('SPX_INVALID_INPUT', `There is no class "${patientSafetyClass}". Known: ${known}.`);
  }
  if (typeof downtimeCost === 'string' && !DowntimeCost.safeParse(downtimeCost).success) {
    const known = DowntimeCost.options.join(', ');
    throw new SphinxError('SPX_INVALID_INPUT', `A standstill costs nothing called "${downtimeCost}". Known: ${known}.`);
  }
}

function describeStatement({ name, isPinned, facts = {}, resetFacts = [] }: AssetChange): string {
  const parts = [
    ...(name === undefined ? [] : [name === null ? 'name taken back' : `name: ${name}`]),
    ...(isPinned === undefined ? [] : [isPinned ? 'pinned' : 'no longer pinned']),
    ...Object.entries(facts).map(([fact, value]) => `${fact}: ${value ?? 'not known'}`),
    ...resetFacts.map((fact) => `${fact}: found automatically again`),
  ];
  return parts.join('; ');
}

function freeIdFor(inventory: Inventory, key: string): string {
  for (let attempt = 0; ; attempt++) {
    const id = attempt === 0 ? deterministicId('ast', key) : deterministicId('ast', key, attempt);
    if (inventory.find(id) === undefined) return id;
  }
}
