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
