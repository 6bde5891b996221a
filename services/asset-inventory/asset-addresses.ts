import type { Asset } from '@sphinx/schema';
import { z } from 'zod';

/** Who has an address, for pages that show addresses. */
export const AddressHolder = z
  .object({ ip: z.string(), assetId: z.string(), name: z.string(), zone: z.string().nullable() })
  .meta({ id: 'AddressHolder' });
export type AddressHolder = z.infer<typeof AddressHolder>;

/** One holder for each address, ordered by address; where several claim it, the one that was seen last. */
export function addressHolders(assets: readonly Asset[]): AddressHolder[] {
  const holders = new Map<string, AddressHolder>();
  for (const { id, name, ips, facts } of assets.toSorted((left, right) => left.lastSeen - right.lastSeen)) {
    for (const ip of ips) holders.set(ip, { ip, assetId: id, name, zone: facts.zone?.value ?? null });
  }
  return [...holders.values()].sort((left, right) => (left.ip < right.ip ? -1 : 1));
}
