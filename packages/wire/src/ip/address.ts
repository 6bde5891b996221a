/** @returns `192.0.2.1`, from four bytes as a 32-bit number */
export function formatIpv4(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/** @returns the address in the form of RFC 5952, from four 32-bit numbers */
export function formatIpv6(a: number, b: number, c: number, d: number): string {
  const groups = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff, c >>> 16, c & 0xffff, d >>> 16, d & 0xffff];
  if (a === 0 && b === 0 && c >>> 0 === 0xffff) return `::ffff:${formatIpv4(d)}`;
  let bestStart = -1;
  let bestLength = 1;
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length += 1;
    if (length > bestLength) {
      bestStart = start;
      bestLength = length;
    }
  }
  const text = groups.map((group) => group.toString(16));
  if (bestStart < 0) return text.join(':');
  return `${text.slice(0, bestStart).join(':')}::${text.slice(bestStart + bestLength).join(':')}`;
}

/** @returns `00:11:22:33:44:55`, or undefined for a group address, which is nobody's */
export function formatMac(bytes: Uint8Array, offset: number): string | undefined {
  if (((bytes[offset] ?? 1) & 1) === 1) return undefined;
  let text = '';
  let isZero = true;
  for (let index = 0; index < 6; index++) {
    const byte = bytes[offset + index] ?? 0;
    if (byte !== 0) isZero = false;
    text += `${index === 0 ? '' : ':'}${byte < 16 ? '0' : ''}${byte.toString(16)}`;
  }
  return isZero ? undefined : text;
}

/** @returns the four or sixteen bytes of an address as `formatIpv4` and `formatIpv6` write it; undefined for other text */
export function packedIp(text: string): Uint8Array | undefined {
  if (!text.includes(':')) return packedIpv4(text);
  const [head = '', tail] = text.split('::', 2);
  const before = packedGroups(head);
  const after = packedGroups(tail ?? '');
  if (before === undefined || after === undefined) return undefined;
  const missing = 16 - before.length - after.length;
  const isWhole = tail === undefined ? missing === 0 : missing > 0;
  return isWhole ? Uint8Array.from([...before, ...new Array<number>(missing).fill(0), ...after]) : undefined;
}

function packedIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.').map(Number);
  const isAddress = parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part < 256);
  return isAddress ? Uint8Array.from(parts) : undefined;
}

function packedGroups(text: string): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  for (const group of text.split(':')) {
    const part = group.includes('.') ? packedIpv4(group) : undefined;
    if (part === undefined && !/^[0-9a-f]{1,4}$/i.test(group)) return undefined;
    const value = Number.parseInt(group, 16);
    bytes.push(...(part ?? [value >>> 8, value & 255]));
  }
  return bytes;
}
