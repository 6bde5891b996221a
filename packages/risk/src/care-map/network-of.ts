const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const GROUP_BITS = 16;
const GROUPS = 8;

/**
 * @param bits length of the prefix for each version of IP
 * @returns the network of an address in CIDR notation; undefined for what is no address or reaches no further than its link
 */
export function networkOf(ip: string, bits: { readonly v4: number; readonly v6: number }): string | undefined {
  const parts = IPV4.exec(ip)?.slice(1).map(Number);
  if (parts !== undefined) return ipv4Network(parts, bits.v4);
  return ip.includes(':') ? ipv6Network(ip, bits.v6) : undefined;
}

function ipv4Network(parts: readonly number[], bits: number): string | undefined {
  if (parts.some((part) => part > 255)) return undefined;
  // Link-local addresses (RFC 3927) are no network that somebody runs.
  if (parts[0] === 169 && parts[1] === 254) return undefined;
  const cut = parts.map((part, index) => {
    const kept = Math.min(8, Math.max(0, bits - index * 8));
    return part & (0xff & (0xff << (8 - kept)));
  });
  return `${cut.join('.')}/${bits}`;
}

function ipv6Network(ip: string, bits: number): string | undefined {
  const groups = ipv6Groups(ip.toLowerCase().split('%')[0] ?? '');
  // Link-local (RFC 4291 §2.5.6) and multicast addresses.
  if (groups === undefined || ((groups[0] ?? 0) & 0xffc0) === 0xfe80 || (groups[0] ?? 0) >= 0xff00) return undefined;
  const cut = groups.map((group, index) => {
    const kept = Math.min(GROUP_BITS, Math.max(0, bits - index * GROUP_BITS));
    return group & (0xffff & (0xffff << (GROUP_BITS - kept)));
  });
  const text = cut.map((group) => group.toString(16)).join(':');
  return `${text.replace(/(:0)+$/, '::')}/${bits}`;
}

function ipv6Groups(ip: string): readonly number[] | undefined {
  const halves = ip.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  if (head === undefined) return undefined;
  const missing = GROUPS - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array<string>(tail === undefined ? 0 : missing).fill('0'), ...(tail ?? [])];
  const numbers = groups.map((group) => (/^[0-9a-f]{1,4}$/.test(group) ? Number.parseInt(group, 16) : Number.NaN));
  return numbers.some(Number.isNaN) ? undefined : numbers;
}
