import type { Asset, AssetPeer } from '@sphinx/schema';

/** More nodes than this cannot be told apart on a screen; the busiest are drawn, the others are counted. */
const MAXIMUM_PEERS = 40;

/** One other end with everything that is said to and by it. */
export interface PeerGroup {
  /** Asset id, or the address of what is no asset. */
  readonly key: string;
  readonly assetId: string | undefined;
  readonly label: string;
  readonly isExternal: boolean;
  readonly kind: string | undefined;
  readonly zone: string | undefined;
  readonly talks: readonly AssetPeer[];
  readonly bytes: number;
  readonly hasClearText: boolean;
}

/** A line of the graph: one direction between the asset and one peer. */
export interface PeerLine {
  readonly direction: AssetPeer['direction'];
  readonly protocols: readonly string[];
  readonly isEncrypted: boolean;
  readonly isAnswered: boolean;
}

/**
 * Who is at the other end of the asset's conversations, busiest first.
 *
 * @param nameOf names of the assets that are known by id
 */
export function groupPeers(asset: Pick<Asset, 'peers'>, nameOf: ReadonlyMap<string, string>): readonly PeerGroup[] {
  const talksByKey = new Map<string, AssetPeer[]>();
  for (const peer of asset.peers) {
    const key = peer.assetId ?? peer.ip;
    const talks = talksByKey.get(key);
    if (talks === undefined) talksByKey.set(key, [peer]);
    else talks.push(peer);
  }
  const groups = [...talksByKey].map(([key, talks]): PeerGroup => {
    const first = talks[0];
    return {
      key,
      assetId: first?.assetId,
      label: nameOf.get(key) ?? first?.ip ?? key,
      isExternal: talks.some(({ isExternal }) => isExternal),
      kind: first?.kind,
      zone: first?.zone,
      talks,
      bytes: talks.reduce((sum, { bytesSent, bytesReceived }) => sum + bytesSent + bytesReceived, 0),
      hasClearText: talks.some(({ isEncrypted }) => !isEncrypted),
    };
  });
  return groups.sort((a, b) => b.bytes - a.bytes);
}

/** @returns the peers that are drawn, and how many are only in the table */
export function drawablePeers(groups: readonly PeerGroup[]): { shown: readonly PeerGroup[]; hidden: number } {
  return { shown: groups.slice(0, MAXIMUM_PEERS), hidden: Math.max(0, groups.length - MAXIMUM_PEERS) };
}

/** At most one line per direction; it counts as encrypted only when all of it is. */
export function linesOf({ talks }: Pick<PeerGroup, 'talks'>): readonly PeerLine[] {
  return (['outgoing', 'incoming'] as const).flatMap((direction) => {
    const same = talks.filter((talk) => talk.direction === direction);
    if (same.length === 0) return [];
    return [
      {
        direction,
        protocols: [...new Set(same.map(({ protocol }) => protocol))],
        isEncrypted: same.every(({ isEncrypted }) => isEncrypted),
        isAnswered: same.some(({ isAnswered }) => isAnswered),
      },
    ];
  });
}
