/**
 * Information elements that are read (IANA "IP Flow Information Export (IPFIX) Entities"; NetFlow version 9 numbers its
 * fields alike, RFC 3954 §8).
 */
export const IE = {
  octetDeltaCount: 1,
  packetDeltaCount: 2,
  protocolIdentifier: 4,
  tcpControlBits: 6,
  sourceTransportPort: 7,
  sourceIpv4Address: 8,
  destinationTransportPort: 11,
  destinationIpv4Address: 12,
  flowEndSysUpTime: 21,
  flowStartSysUpTime: 22,
  postOctetDeltaCount: 23,
  postPacketDeltaCount: 24,
  sourceIpv6Address: 27,
  destinationIpv6Address: 28,
  samplingInterval: 34,
  sourceMacAddress: 56,
  vlanId: 58,
  destinationMacAddress: 80,
  octetTotalCount: 85,
  packetTotalCount: 86,
  applicationName: 96,
  flowStartSeconds: 150,
  flowEndSeconds: 151,
  flowStartMilliseconds: 152,
  flowEndMilliseconds: 153,
  flowStartMicroseconds: 154,
  flowEndMicroseconds: 155,
  flowStartNanoseconds: 156,
  flowEndNanoseconds: 157,
  flowStartDeltaMicroseconds: 158,
  flowEndDeltaMicroseconds: 159,
  systemInitTimeMilliseconds: 160,
  initiatorOctets: 231,
  responderOctets: 232,
  biflowDirection: 239,
  dot1qVlanId: 243,
  initiatorPackets: 298,
  responderPackets: 299,
  samplingPacketInterval: 305,
  samplingPacketSpace: 306,
} as const;

/** RFC 5103: the reverse direction of a biflow, as elements of this enterprise. */
export const REVERSE_ENTERPRISE = 29_305;
/** Added to the number of a reverse element, so that both directions fit one map. */
export const REVERSE = 0x10000;
