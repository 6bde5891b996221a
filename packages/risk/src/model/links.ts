import type { RiskAsset } from './risk-asset.ts';
import type { RiskParameters } from './risk-knowledge.ts';

/** Who reaches whom, in compressed rows: the links of asset `i` are those from `starts[i]` up to `starts[i + 1]`. */
export interface Links {
  readonly starts: Int32Array;
  /** Place of the asset at the other end. */
  readonly peers: Int32Array;
  /** How likely the peer gets at the asset, once it is compromised, and the asset at its peer. */
  readonly fromPeer: Float64Array;
  readonly toPeer: Float64Array;
}

/** @param places place of each asset by id. Ends that are no assets are left out */
export function linksOf(
  assets: readonly RiskAsset[],
  places: ReadonlyMap<string, number>,
  { reach }: RiskParameters,
): Links {
  const administration = new Set(reach.administration.protocols);
  const rows = assets.map(() => new Map<number, { from: number; to: number }>());
  const note = (client: number, server: number, protocol: string) => {
    const forward = administration.has(protocol) ? reach.administration.probability : reach.talksTo;
    raise(rows[server], client, { from: forward, to: reach.talkedToBy });
    raise(rows[client], server, { from: reach.talkedToBy, to: forward });
  };
  assets.forEach(({ talks }, place) => {
    for (const { peer, role, protocol } of talks) {
      const other = places.get(peer);
      if (other === undefined || other === place) continue;
      if (role === 'client') note(place, other, protocol);
      else note(other, place, protocol);
    }
  });
  return packed(rows);
}

function raise(
  row: Map<number, { from: number; to: number }> | undefined,
  peer: number,
  link: { from: number; to: number },
): void {
  const known = row?.get(peer);
  if (known === undefined) row?.set(peer, { ...link });
  else {
    known.from = Math.max(known.from, link.from);
    known.to = Math.max(known.to, link.to);
  }
}

function packed(rows: readonly ReadonlyMap<number, { from: number; to: number }>[]): Links {
  const count = rows.reduce((sum, row) => sum + row.size, 0);
  const links = {
    starts: new Int32Array(rows.length + 1),
    peers: new Int32Array(count),
    fromPeer: new Float64Array(count),
    toPeer: new Float64Array(count),
  };
  let at = 0;
  rows.forEach((row, place) => {
    links.starts[place] = at;
    for (const [peer, { from, to }] of row) {
      links.peers[at] = peer;
      links.fromPeer[at] = from;
      links.toPeer[at] = to;
      at += 1;
    }
  });
  links.starts[rows.length] = at;
  return links;
}
