import type { AssetPeer, Conversation } from '@sphinx/schema';

/** A scanner talks to everybody; the newest peers are kept and the page stays readable. */
const MAXIMUM_PEERS = 500;

/** What is known of whoever has an address. */
export interface PeerIdentity {
  readonly assetId?: string;
  readonly isExternal: boolean;
  readonly kind?: string;
  readonly zone?: string;
}

/** @param peer an end of a conversation, as the asset at the other end sees it */
export type Identify = (peer: AssetPeer) => PeerIdentity;

/** Whom an asset talks to, from the conversations that it opened and answered. */
export function peersOf(
  asClient: readonly Conversation[],
  asServer: readonly Conversation[],
  identify: Identify,
): AssetPeer[] {
  const peers = new Map<string, AssetPeer>();
  for (const conversation of asClient) add(peers, conversation, 'outgoing', conversation.server.ip);
  for (const conversation of asServer) add(peers, conversation, 'incoming', conversation.client.ip);
  const newest = [...peers.values()].sort((left, right) => right.lastSeen - left.lastSeen).slice(0, MAXIMUM_PEERS);
  // Last, because a name server has many more peers than are kept.
  return newest.map((peer) => ({ ...peer, ...identify(peer) }));
}

function add(
  peers: Map<string, AssetPeer>,
  conversation: Conversation,
  direction: AssetPeer['direction'],
  ip: string | undefined,
): void {
  if (ip === undefined) return;
  const { transport, serverPort: port, protocol, isEncrypted, isAnswered, firstSeen, lastSeen, packet } = conversation;
  const key = `${direction}|${ip}|${transport}/${port}|${protocol}`;
  const known = peers.get(key);
  const isOut = direction === 'outgoing';
  const { bytesToServer, bytesToClient, flows } = conversation;
  const isAnsweredByAny = isAnswered || (known?.isAnswered ?? false);
  const isPartial = !isAnsweredByAny && (conversation.isPartial === true || known?.isPartial === true);
  peers.set(key, {
    isExternal: false,
    ip,
    direction,
    transport,
    port,
    protocol,
    isEncrypted: isEncrypted && (known?.isEncrypted ?? true),
    isAnswered: isAnsweredByAny,
    ...(isPartial ? { isPartial } : {}),
    bytesSent: (isOut ? bytesToServer : bytesToClient) + (known?.bytesSent ?? 0),
    bytesReceived: (isOut ? bytesToClient : bytesToServer) + (known?.bytesReceived ?? 0),
    flows: flows + (known?.flows ?? 0),
    firstSeen: Math.min(firstSeen, known?.firstSeen ?? firstSeen),
    lastSeen: Math.max(lastSeen, known?.lastSeen ?? lastSeen),
    packet: known !== undefined && known.firstSeen < firstSeen ? known.packet : packet,
  });
}
