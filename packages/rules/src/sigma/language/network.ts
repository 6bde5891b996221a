import { isIPv4, isIPv6 } from 'node:net';
import { SigmaError } from './sigma-error.ts';

/** A network in CIDR notation. */
export interface Network {
  readonly text: string;
  readonly bits: number;
  /** 16-bit parts of the address: two of IPv4, eight of IPv6. */
  readonly parts: readonly number[];
}

const PART_BITS = 16;

/** @throws SigmaError when it is no network */
export function parseNetwork(text: string): Network {
  const [address = '', length] = text.trim().split('/');
  const parts = parseAddress(address);
  if (parts === undefined) throw new SigmaError(`cidr: '${text}' is no network`);
  const most = parts.length * PART_BITS;
  const bits = length === undefined ? most : Number(length);
  if (!Number.isInteger(bits) || bits < 0 || bits > most || length === '') {
    throw new SigmaError(`cidr: '${text}' is no network`);
  }
  return { text, bits, parts };
}

/** @param address text of an event's field; what is no address is in no network */
export function isInNetwork({ parts, bits }: Network, address: string): boolean {
  const own = parseAddress(address);
  if (own === undefined || own.length !== parts.length) return false;
  for (let index = 0, left = bits; left > 0; index++, left -= PART_BITS) {
    const shift = Math.max(0, PART_BITS - left);
    if ((own[index] ?? 0) >> shift !== (parts[index] ?? 0) >> shift) return false;
  }
  return true;
}

function parseAddress(text: string): readonly number[] | undefined {
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(text)?.[1];
  const address = mapped ?? text;
  if (isIPv4(address)) {
    const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  }
  const [plain = ''] = address.split('%');
  return isIPv6(plain) ? parseIpv6(plain) : undefined;
}

function parseIpv6(text: string): readonly number[] {
  const withNumbers = text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => {
    return `${(Number(a) * 256 + Number(b)).toString(16)}:${(Number(c) * 256 + Number(d)).toString(16)}`;
  });
  const [head = '', tail] = withNumbers.split('::');
  const numbers = (part: string) => (part === '' ? [] : part.split(':').map((each) => Number.parseInt(each, 16)));
  const first = numbers(head);
  if (tail === undefined) return first;
  const last = numbers(tail);
  return [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last];
}
