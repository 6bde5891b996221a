/** One way in which packets carry packets. */
export interface Tunnel {
  readonly title: string;
  /** Where it is looked for. */
  readonly over: string;
  readonly standards: string;
}

/** Everything whose inside is read as traffic of its own, up to four one within another. */
export const TUNNELS: readonly Tunnel[] = [
  { title: 'VLAN tags, up to four', over: 'Ethernet 0x8100, 0x88a8, 0x9100', standards: 'IEEE 802.1Q §9' },
  { title: 'MPLS', over: 'Ethernet 0x8847', standards: 'RFC 3032 §2.1' },
  { title: 'PPPoE session', over: 'Ethernet 0x8864', standards: 'RFC 2516 §6' },
  { title: 'IP in IP', over: 'IP protocols 4 and 41', standards: 'RFC 2003 §3; RFC 4213 §3' },
  { title: 'GRE', over: 'IP protocol 47', standards: 'RFC 2784 §2; RFC 2890 §2; RFC 2637 §4.1 (PPTP)' },
  { title: 'ERSPAN, types I to III', over: 'GRE', standards: 'draft-foschiano-erspan-03 §4' },
  { title: 'GTP user data', over: 'UDP 2152', standards: '3GPP TS 29.281 §5' },
  { title: 'Teredo', over: 'UDP 3544', standards: 'RFC 4380 §5.1.1' },
  { title: 'VXLAN', over: 'UDP 4789, 8472', standards: 'RFC 7348 §5' },
  { title: 'VXLAN with a next protocol', over: 'UDP 4790', standards: 'draft-ietf-nvo3-vxlan-gpe-13 §3' },
  { title: 'Geneve', over: 'UDP 6081', standards: 'RFC 8926 §3' },
];
