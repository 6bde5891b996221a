import { createHash } from 'node:crypto';
import { packedIp } from '../../ip/address.ts';
import type { EveFlow } from './eve-event.ts';

const TRANSPORT_NUMBERS: ReadonlyMap<string, number> = new Map([
  ['icmp', 1],
  ['tcp', 6],
  ['udp', 17],
  ['sctp', 132],
]);

/**
 * The same text for the same flow in every sensor that knows it (Community ID, version 1, corelight/community-id-spec).
 *
 * @param seed the same in all sensors that are compared, 0 unless somebody set it
 * @returns undefined for transports without ports: what ICMP has in their place is not kept
 */
export function communityId(flow: EveFlow, seed = 0): string | undefined {
  const protocol = TRANSPORT_NUMBERS.get(flow.transport);
  const client = packedIp(flow.clientIp);
  const server = packedIp(flow.serverIp);
  if (protocol === undefined || protocol === 1 || client === undefined || server === undefined) return undefined;
  const order = Buffer.compare(client, server);
  const isForward = order < 0 || (order === 0 && flow.clientPort < flow.serverPort);
  const [first, second] = isForward ? [client, server] : [server, client];
  const [firstPort, secondPort] = isForward ? [flow.clientPort, flow.serverPort] : [flow.serverPort, flow.clientPort];
  const ports = [firstPort >> 8, firstPort & 255, secondPort >> 8, secondPort & 255];
  const digest = createHash('sha1')
    .update(Uint8Array.of(seed >> 8, seed & 255))
    .update(first)
    .update(second)
    .update(Uint8Array.of(protocol, 0, ...ports))
    .digest('base64');
  return `1:${digest}`;
}
