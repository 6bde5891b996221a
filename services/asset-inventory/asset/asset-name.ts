import type { HostEvidence } from '@sphinx/schema';
import { valuesOf } from '../identity/endpoint.ts';

/** Names that a host has, the one that people use first. */
const NAME_ATTRIBUTES = [
  'dhcp.hostname',
  'dhcp.fqdn',
  'dhcpv6.fqdn',
  'lldp.system-name',
  'cdp.device-id',
  'smb.name',
  'nbns.name',
  'mdns.name',
  'llmnr.name',
  'snmp.sys-name',
  'dns.name',
  'report.host-name',
] as const;
/** What operating systems and images are called before anybody gives the machine a name. */
const NAMES_OF_NOBODY =
  /^(\(none\)|alpine|archlinux|buildroot|centos|debian|fedora|host|linux|localhost|openwrt|raspberrypi|rocky|server|ubuntu|unknown|vm|win-[0-9a-z]{11})(\.|$)/i;
const APPLICATION_NAMES = ['dicom.ae-title', 'hl7.application'] as const;

/**
 * @returns host names, most telling first, each once. A name server that answers with its own address (a captive portal,
 *   a sinkhole) is not called by those names.
 */
export function hostnamesOf(evidence: readonly HostEvidence[]): string[] {
  const answersItself = evidence.some(({ attribute }) => attribute === 'dns.server');
  const names = NAME_ATTRIBUTES.filter((attribute) => attribute !== 'dns.name' || !answersItself).flatMap((attribute) =>
    valuesOf(evidence, attribute),
  );
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()];
}

/**
 * @returns what a person would call it: its host name, unless that is one which every fresh installation has; else what it
 *   is called most as a program, else its address
 */
export function automaticNameOf(
  evidence: readonly HostEvidence[],
  hostnames: readonly string[],
  addresses: readonly string[],
): string {
  const hostname = hostnames.find((name) => !NAMES_OF_NOBODY.test(name));
  if (hostname !== undefined) return hostname;
  for (const attribute of APPLICATION_NAMES) {
    const [title] = evidence
      .filter((item) => item.attribute === attribute)
      .sort((left, right) => right.count - left.count);
    if (title !== undefined) return title.value;
  }
  return addresses[0] ?? 'unknown';
}
