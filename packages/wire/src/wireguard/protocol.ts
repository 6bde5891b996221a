import { hasBytes, littleWord32 } from '../bytes/match.ts';
import { defineDatagramRoom, draft } from '../datagram-room.ts';
import type { ProtocolRecord } from '../protocol.ts';

/** Type, three zero bytes, and the length that each type has (whitepaper §5.4). */
const LENGTHS: Readonly<Record<number, number>> = { 1: 148, 2: 92, 3: 64 };
const TRANSPORT = 4;
const TRANSPORT_OVERHEAD = 32;
const BLOCK = 16;
const ACTIVITIES = ['', 'initiation', 'response', 'cookie-reply', 'transport'] as const;

export interface WireguardRecord extends ProtocolRecord {
  readonly protocol: 'wireguard';
  readonly activity: 'initiation' | 'response' | 'cookie-reply' | 'transport';
  /** Index by which the receiver knows the session. */
  readonly receiver: number;
}

/** Data packets are not worth a record; `undefined` for them and for what is not WireGuard. */
export function parseWireguard(bytes: Uint8Array): WireguardRecord | undefined {
  const type = bytes[0] ?? 0;
  const activity = ACTIVITIES[type];
  if (activity === undefined || activity === '' || !hasBytes(bytes, [0, 0, 0], 1)) return undefined;
  if (type === TRANSPORT) {
    const isPadded = bytes.length >= TRANSPORT_OVERHEAD && (bytes.length - TRANSPORT_OVERHEAD) % BLOCK === 0;
    // An initiator counts from nothing: only the first packets of a session can be told from noise.
    const counter = littleWord32(bytes, 8) + littleWord32(bytes, 12) * 0x1_0000_0000;
    if (!isPadded || counter > 0xffff_ffff) return undefined;
  } else if (bytes.length !== LENGTHS[type]) return undefined;
  // A cookie reply and a transport packet name the receiver right behind the type, a response behind its own index.
  const offset = type === 2 ? 8 : 4;
  return { protocol: 'wireguard', activity, receiver: type === 1 ? 0 : littleWord32(bytes, offset) };
}

const room = defineDatagramRoom<WireguardRecord>({
  id: 'wireguard',
  title: 'WireGuard',
  standards: ['WireGuard: Next Generation Kernel Network Tunnel, §5.4 (messages)'],
  usualPorts: [51820],
  firstBytes: [1, 2, 3, 4],
  isEncrypted: true,
  parse: parseWireguard,
  evidence: ({ activity }) =>
    activity === 'response'
      ? [...draft('vpn.server', 'WireGuard', 'server'), ...draft('vpn.client', 'WireGuard', 'client')]
      : [],
});

export const wireguard: typeof room = {
  ...room,
  detect: (sample) => {
    const isAtHome = sample.serverPort === 51820 || sample.clientPort === 51820;
    const first = sample.toServer[0] ?? sample.toClient[0] ?? 0;
    return first === TRANSPORT && !isAtHome ? 'reject' : room.detect(sample);
  },
  parseDatagram: (payload, direction, context) => {
    if (payload[0] !== TRANSPORT) room.parseDatagram?.(payload, direction, context);
  },
};
