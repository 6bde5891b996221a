import { word16 } from '../bytes/match.ts';
import { defineFramedRoom, type MessageReader } from '../framed-room.ts';
import type { Protocol } from '../protocol.ts';
import { TunnelPayload } from './tunnel-payload.ts';
import { nameOfCarried, type TunnelRecord, tunnelEvidence, tunnelRecord } from './tunnel-record.ts';
import { findUdpTunnel, uint24 } from './udp-tunnel.ts';

const HEADER_BYTES = 8;
/** Networks of one pair of ends that are told; who makes up further ones is not followed. */
const MAXIMUM_NETWORKS = 1024;
const GENEVE_VERSION_0 = 0;
const probe = new TunnelPayload();

interface UdpTunnel {
  readonly id: 'vxlan' | 'geneve' | 'teredo';
  readonly title: string;
  readonly standards: readonly string[];
  readonly ports: readonly number[];
  /** @param bytes a datagram of which `findUdpTunnel` knows that it is of this tunnel */
  networkOf(bytes: Uint8Array): number | undefined;
  carriedBy(bytes: Uint8Array): string;
}

function defineUdpTunnel(tunnel: UdpTunnel): Protocol<TunnelRecord> {
  const portOf = (clientPort: number, serverPort: number) =>
    [serverPort, clientPort].find((port) => tunnel.ports.includes(port));
  return defineFramedRoom<TunnelRecord>({
    id: tunnel.id,
    title: tunnel.title,
    standards: tunnel.standards,
    transports: ['udp'],
    usualPorts: tunnel.ports,
    headerBytes: HEADER_BYTES,
    maximumBytes: 64,
    messageLength: (header) => header.length,
    recognise: (bytes, { clientPort, serverPort }) => {
      const port = portOf(clientPort, serverPort);
      return port !== undefined && findUdpTunnel(probe, port, bytes, 0, bytes.length) ? 'match' : 'reject';
    },
    createReader: () => new TunnelReader(tunnel),
    evidence: tunnelEvidence,
  });
}

class TunnelReader implements MessageReader<TunnelRecord> {
  readonly #tunnel: UdpTunnel;
  readonly #told = new Set<number | undefined>();

  constructor(tunnel: UdpTunnel) {
    this.#tunnel = tunnel;
  }

  message: MessageReader<TunnelRecord>['message'] = (bytes, direction, context) => {
    const { id } = this.#tunnel;
    const networkId = this.#tunnel.networkOf(bytes);
    if (this.#told.has(networkId) || this.#told.size >= MAXIMUM_NETWORKS) return true;
    this.#told.add(networkId);
    context.emit(tunnelRecord(id, this.#tunnel.carriedBy(bytes), networkId), direction);
    return true;
  };
}

const VXLAN_HAS_NEXT_PROTOCOL = 0x04;
const VXLAN_NEXT: Readonly<Record<number, string>> = { 1: 'ipv4', 2: 'ipv6', 3: 'ethernet' };

export const vxlan = defineUdpTunnel({
  id: 'vxlan',
  title: 'VXLAN',
  standards: ['RFC 7348 §5', 'draft-ietf-nvo3-vxlan-gpe-13 §3'],
  ports: [4789, 8472, 4790],
  networkOf: (bytes) => uint24(bytes, 4),
  carriedBy: (bytes) => {
    const hasNext = ((bytes[0] ?? 0) & VXLAN_HAS_NEXT_PROTOCOL) !== 0;
    return hasNext ? (VXLAN_NEXT[bytes[3] ?? 0] ?? 'ethernet') : 'ethernet';
  },
});

export const geneve = defineUdpTunnel({
  id: 'geneve',
  title: 'Geneve',
  standards: ['RFC 8926 §3'],
  ports: [6081],
  networkOf: (bytes) => ((bytes[0] ?? 0) >>> 6 === GENEVE_VERSION_0 ? uint24(bytes, 4) : undefined),
  carriedBy: (bytes) => nameOfCarried(word16(bytes, 2)),
});

export const teredo = defineUdpTunnel({
  id: 'teredo',
  title: 'Teredo',
  standards: ['RFC 4380 §5.1.1'],
  ports: [3544],
  networkOf: () => undefined,
  carriedBy: () => 'ipv6',
});
