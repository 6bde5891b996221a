import type { ProtocolRecord } from '../protocol.ts';

export interface Dhcpv6Record extends ProtocolRecord {
  readonly protocol: 'dhcpv6';
  /** Message type (RFC 8415 §7.3): `solicit`, `request`, `reply` … */
  readonly activity: string;
  readonly isFromServer: boolean;
  /** DHCP unique identifiers (RFC 8415 §11), hexadecimal; empty where the message has none. */
  readonly clientDuid: string;
  readonly serverDuid: string;
  readonly fqdn: string;
  readonly vendorClass: string;
  readonly userClass: string;
  /** Options that the client asks for, in its order, comma-separated: a fingerprint. */
  readonly optionRequest: string;
  /** Addresses of the client's associations (IA_NA, IA_TA): asked for, or given by a server. */
  readonly addresses: readonly string[];
  /** Of a relayed message: the client's address as the relay saw it. */
  readonly peerAddress: string | undefined;
  /** Which end of the flow sent the message. */
  readonly sentBy: 'client' | 'server';
}
