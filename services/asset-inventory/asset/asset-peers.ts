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

/** Whom an asset talks to, from the conversations that it opened and answered. */
export function peersOf(
  asClient: readonly Conversation[],
  asServer: readonly Conversation[],
  identify: (ip: string, port: number | undefined) => PeerIdentity,
): AssetPeer[] {
  const peers = new Map<string, AssetPeer>();
  for (const conversation of asClient) {
    const { ip } = conversation.server;
    if (ip !== undefined) add(peers, conversation, 'outgoing', ip, identify(ip, conversation.serverPort));
  }
  for (const conversation of asServer) {
    const { ip } = conversation.client;
    if (ip !== undefined) add(peers, conversation, 'incoming', ip, identify(ip, undefined));
  }
  return [...peers.values()].sort((left, right) => right.lastSeen - left.lastSeen).slice(0, MAXIMUM_PEERS);
}

function add(
  peers: Map<string, AssetPeer>,
  conversation: Conversation,
  direction: AssetPeer['direction'],
  ip: string,
  identity: PeerIdentity,
): void {
  const {
    transport,
    serverPort: port,
    protocol,
    isEncrypted,
    isAnswered,
    flows,
    firstSeen,
    lastSeen,
    packet,
  } = conversation;
  const key = `${direction}|${ip}|${transport}/${port}|${protocol}`;
  const known = peers.get(key);
  const isOut = direction === 'outgoing';
  peers.set(key, {
    ...identity,
    ip,
    direction,
    transport,
    port,
    protocol,
    isEncrypted: isEncrypted && (known?.isEncrypted ?? true),
    isAnswered: isAnswered || (known?.isAnswered ?? false),
    bytesSent: (isOut ? conversation.bytesToServer : conversation.bytesToClient) + (known?.bytesSent ?? 0),
    bytesReceived: (isOut ? conversation.bytesToClient : conversation.bytesToServer) + (known?.bytesReceived ?? 0),
    flows: flows + (known?.flows ?? 0),
    firstSeen: Math.min(firstSeen, known?.firstSeen ?? firstSeen),
    lastSeen: Math.max(lastSeen, known?.lastSeen ?? lastSeen),
    packet: known !== undefined && known.firstSeen < firstSeen ? known.packet : packet,
  });
}
