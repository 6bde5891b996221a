import registry from 'oui-data' with { type: 'json' };

const VENDORS = registry as Readonly<Record<string, string>>;

/**
 * Who registered the first 24 bits of a MAC address (IEEE MA-L registry, package oui-data).
 *
 * @returns undefined for unregistered and for locally administered addresses, which anybody may choose
 */
export function macVendorOf(mac: string): string | undefined {
  const isLocal = (Number.parseInt(mac.slice(0, 2), 16) & 2) !== 0;
  if (isLocal) return undefined;
  return VENDORS[mac.slice(0, 8).replaceAll(':', '').toUpperCase()]?.split('\n')[0];
}
