import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { formatIpv4, formatMac } from '../ip/address.ts';
import type { ProtocolRecord } from '../protocol.ts';

const MAGIC_COOKIE = 0x63825363;
const ETHERNET = 1;
const MESSAGE_TYPES = ['', 'discover', 'offer', 'request', 'decline', 'ack', 'nak', 'release', 'inform'] as const;
const MAXIMUM_OPTIONS = 128;
const MAXIMUM_ADDRESSES = 8;

export interface DhcpRecord extends ProtocolRecord {
  readonly protocol: 'dhcp';
  /** Message type of option 53. */
  readonly activity: string;
  readonly clientMac: string;
  /** Address that is offered or acknowledged, or that the client already has. */
  readonly address: string | undefined;
  readonly hostname: string;
  readonly fqdn: string;
  readonly vendorClass: string;
  readonly parameterList: string;
  readonly clientId: string;
  readonly serverId: string | undefined;
  /** Request and reply have the same. */
  readonly transactionId: number;
  readonly isReply: boolean;
  /** Addresses of client, next server and relay as the header has them; `0.0.0.0` where there is none. */
  readonly clientAddress: string;
  readonly nextServer: string;
  readonly relay: string;
  /** What a server gives: `undefined` and empty where it gives none. */
  readonly leaseSeconds: number | undefined;
  readonly renewalSeconds: number | undefined;
  readonly rebindingSeconds: number | undefined;
  readonly subnetMask: string | undefined;
  readonly routers: readonly string[];
  readonly nameServers: readonly string[];
}

/** RFC 2131 §2, options RFC 2132, client FQDN RFC 4702. @returns undefined for what is no DHCP message */
export function parseDhcp(bytes: Uint8Array): DhcpRecord | undefined {
  const cursor = new ByteCursor(bytes);
  const operation = cursor.uint8();
  if ((operation !== 1 && operation !== 2) || cursor.uint8() !== ETHERNET || cursor.uint8() !== 6) return undefined;
  cursor.skip(1);
  const transactionId = cursor.uint32();
  cursor.skip(4);
  const clientAddress = cursor.uint32();
  const yourAddress = cursor.uint32();
  const nextServer = formatIpv4(cursor.uint32());
  const relay = formatIpv4(cursor.uint32());
  const clientMac = formatMac(bytes, cursor.offset);
  cursor.skip(16 + 64 + 128);
  if (cursor.uint32() !== MAGIC_COOKIE || clientMac === undefined) return undefined;
  const options = readOptions(cursor);
  const text = (code: number) => cleanText(latin1(options.get(code) ?? new Uint8Array(0)));
  const address = operation === 2 ? yourAddress : clientAddress;
  const serverId = options.get(54);
  const fqdn = options.get(81);
  return {
    protocol: 'dhcp',
    activity: MESSAGE_TYPES[options.get(53)?.[0] ?? 0] || 'other',
    clientMac,
    address: address === 0 ? undefined : formatIpv4(address),
    hostname: text(12),
    fqdn: fqdn === undefined ? '' : cleanText(latin1(fqdn, 3)).replace(/[^\w.-]/g, ''),
    vendorClass: text(60),
    parameterList: [...(options.get(55) ?? [])].join(','),
    clientId: Buffer.from(options.get(61) ?? []).toString('hex'),
    serverId: serverId?.length === 4 ? formatIpv4(new ByteCursor(serverId).uint32()) : undefined,
    transactionId,
    isReply: operation === 2,
    clientAddress: formatIpv4(clientAddress),
    nextServer,
    relay,
    leaseSeconds: numberOf(options.get(51)),
    renewalSeconds: numberOf(options.get(58)),
    rebindingSeconds: numberOf(options.get(59)),
    subnetMask: addressesOf(options.get(1))[0],
    routers: addressesOf(options.get(3)),
    nameServers: addressesOf(options.get(6)),
  };
}

function numberOf(value: Uint8Array | undefined): number | undefined {
  return value?.length === 4 ? new ByteCursor(value).uint32() : undefined;
}

function addressesOf(value: Uint8Array | undefined): readonly string[] {
  const cursor = new ByteCursor(value ?? new Uint8Array(0));
  const addresses: string[] = [];
  while (cursor.remaining >= 4 && addresses.length < MAXIMUM_ADDRESSES) addresses.push(formatIpv4(cursor.uint32()));
  return addresses;
}

function readOptions(cursor: ByteCursor): ReadonlyMap<number, Uint8Array> {
  const options = new Map<number, Uint8Array>();
  for (let count = 0; count < MAXIMUM_OPTIONS && cursor.remaining > 0; count++) {
    const code = cursor.uint8();
    if (code === 0) continue;
    if (code === 255) break;
    const value = cursor.slice(cursor.uint8());
    if (cursor.isBroken) break;
    // RFC 3396 §7: an option that comes again goes on where it stopped.
    const before = options.get(code);
    options.set(code, before === undefined ? value : Buffer.concat([before, value]));
  }
  return options;
}
