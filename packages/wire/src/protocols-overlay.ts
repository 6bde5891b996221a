import { bittorrent } from './bittorrent/protocol.ts';
import { dtls } from './dtls/protocol.ts';
import { gtp } from './gtp/protocol.ts';
import { ike } from './ike/protocol.ts';
import { l2tp } from './l2tp/protocol.ts';
import { openvpn } from './openvpn/protocol.ts';
import { pptp } from './pptp/protocol.ts';
import type { Protocol } from './protocol.ts';
import { stratum } from './stratum/protocol.ts';
import { stun } from './stun/protocol.ts';
import { tcp } from './tcp/retransmissions.ts';
import { erspan, gre, ipInIp } from './tunnel/ip-tunnel-rooms.ts';
import { geneve, teredo, vxlan } from './tunnel/udp-tunnel-rooms.ts';
import { wireguard } from './wireguard/protocol.ts';

/** Rooms of tunnels, of what crosses address translation, of file sharing and mining. The sensor sees `ProtocolRecord` only. */
export const OVERLAY_PROTOCOLS: readonly Protocol[] = [
  tcp,
  stun,
  dtls,
  wireguard,
  ike,
  openvpn,
  gtp,
  l2tp,
  pptp,
  vxlan,
  geneve,
  teredo,
  gre,
  erspan,
  ipInIp,
  bittorrent,
  stratum,
] as unknown as readonly Protocol[];
