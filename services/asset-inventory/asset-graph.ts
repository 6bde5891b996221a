import type { Asset } from '@sphinx/schema';
import { z } from 'zod';

/** Who talks to whom, for drawing. */
export const AssetGraph = z
  .object({
    nodes: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        kind: z.string().nullable(),
        zone: z.string().nullable(),
        isExternal: z.boolean(),
      }),
    ),
    edges: z.array(
      z.object({
        from: z.string().meta({ description: 'Who opened the conversation' }),
        to: z.string(),
        protocols: z.array(z.string()),
        isEncrypted: z.boolean().meta({ description: 'Everything on it is encrypted' }),
        bytes: z.int(),
      }),
    ),
  })
  .meta({ id: 'AssetGraph' });
export type AssetGraph = z.infer<typeof AssetGraph>;

/**
 * @param around id of the asset in the middle; all assets when absent
 */
export function graphOf(assets: readonly Asset[], around?: string): AssetGraph {
  const byId = new Map(assets.map((asset) => [asset.id, asset]));
  const edges = new Map<string, AssetGraph['edges'][number] & { set: Set<string> }>();
  const nodes = new Map<string, AssetGraph['nodes'][number]>();
  const addNode = (id: string, ip: string, isExternal: boolean) => {
    const asset = byId.get(id);
    const { kind, zone } = asset?.facts ?? {};
    const fields = { kind: kind?.value ?? null, zone: zone?.value ?? null };
    nodes.set(id, { id, name: asset?.name ?? ip, ...fields, isExternal });
  };
  for (const asset of assets) {
    if (around === undefined || asset.id === around) addNode(asset.id, asset.ips[0] ?? asset.id, false);
    for (const peer of asset.peers) {
      // Each conversation is known at both ends; the end that opened it draws the line, the other for outsiders only.
      const other = peer.assetId ?? peer.ip;
      if (peer.direction === 'incoming' && peer.assetId !== undefined) continue;
      if (around !== undefined && asset.id !== around && other !== around) continue;
      addNode(asset.id, asset.ips[0] ?? asset.id, false);
      addNode(other, peer.ip, peer.isExternal);
      const [from, to] = peer.direction === 'outgoing' ? [asset.id, other] : [other, asset.id];
      const key = `${from}>${to}`;
      const edge = edges.get(key) ?? { from, to, protocols: [], isEncrypted: true, bytes: 0, set: new Set<string>() };
      edge.set.add(peer.protocol);
      edge.isEncrypted &&= peer.isEncrypted;
      edge.bytes += peer.bytesSent + peer.bytesReceived;
      edges.set(key, edge);
    }
  }
  return {
    nodes: [...nodes.values()],
    edges: [...edges.values()].map(({ set, ...edge }) => ({ ...edge, protocols: [...set].sort() })),
  };
}
