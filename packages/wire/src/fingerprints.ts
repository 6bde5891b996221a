import type { EvidenceAttribute } from '@sphinx/schema';

/** A value that tells a program or system by how it speaks, whatever it says of itself. */
export interface Fingerprint {
  readonly title: string;
  readonly attributes: readonly EvidenceAttribute[];
  /** What it tells apart. */
  readonly tells: string;
  /** How it is made. */
  readonly form: string;
  readonly source: string;
  readonly licence: string;
}

/** Every fingerprint that is taken; `docs/fingerprints.md` is written from this. */
export const FINGERPRINTS: readonly Fingerprint[] = [
  {
    title: 'JA4',
    attributes: ['tls.client.ja4'],
    tells: 'the TLS library and configuration of a client, also where it shuffles its extensions',
    form: 'transport, highest version, server name or not, counts, first application protocol; hash of the sorted suites; hash of the sorted extensions and the signature algorithms; a second hello of the same connection is told too',
    source: 'FoxIO, JA4 technical details',
    licence: 'BSD 3-Clause, no patent claimed (LICENSE-JA4)',
  },
  {
    title: 'JA3 and JA3S',
    attributes: ['tls.client.ja3', 'tls.server.ja3s'],
    tells: 'as JA4, in the order of the hello; the form in which most published lists are. JA3S: what a server answers',
    form: 'MD5 of version, suites, extensions, groups and point formats without GREASE values (RFC 8701); JA3S of version, suite and extensions',
    source: 'Salesforce, JA3 (2017)',
    licence: 'BSD 3-Clause',
  },
  {
    title: 'HASSH',
    attributes: ['ssh.client.hassh', 'ssh.server.hassh'],
    tells: 'SSH clients and servers by the algorithms that they offer',
    form: 'MD5 of key exchange, cipher, MAC and compression algorithms of the KEXINIT, of the direction of the sender',
    source: 'Salesforce, HASSH (2018)',
    licence: 'BSD 3-Clause',
  },
  {
    title: 'DHCP parameter list',
    attributes: ['dhcp.parameter-list', 'dhcpv6.option-request'],
    tells: 'operating systems and devices by the options that they ask for',
    form: 'option numbers of option 55 (DHCPv6: option 6) in their order',
    source: 'RFC 2132 §9.8, RFC 8415 §21.7',
    licence: 'a fact of the protocol',
  },
  {
    title: 'TCP SYN',
    attributes: ['tcp.syn-fingerprint', 'ip.ttl'],
    tells: 'TCP stacks of operating systems, as p0f does',
    form: 'window, kinds of options in their order, maximum segment size, window scale; the initial time to live is told beside it',
    source: 'M. Zalewski, p0f 3 (idea); RFC 9293 §3.1, §3.2',
    licence: 'own form, a fact of the protocol',
  },
  {
    title: 'HTTP header order',
    attributes: ['http.client.header-order', 'http.user-agent'],
    tells: 'programs that write the same User-Agent apart',
    form: 'names of the fields of a request in their order, without those that depend on what is asked for; never a value',
    source: 'M. Zalewski, p0f 3 (idea); RFC 9110 §5.3',
    licence: 'own form, a fact of the protocol',
  },
];

/** Fingerprints that are not taken for their licence; `docs/fingerprints.md` says what that means. */
export const LICENSED_FINGERPRINTS = ['JA4S', 'JA4H', 'JA4X', 'JA4SSH', 'JA4L', 'JA4T', 'JA4D'] as const;
