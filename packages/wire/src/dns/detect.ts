import type { Detection } from '../protocol.ts';
import { hasUnassigned, parseDns } from './parse.ts';

export const HEADER_BYTES = 12;
const MAXIMUM_COUNT = 256;
/** Two additional records at most: EDNS (RFC 6891) and a signature of the transaction (RFC 8945). */
const MAXIMUM_ADDITIONAL_OF_QUERY = 2;
const HOST_NAME = /^[\w*-]+(\.[\w*-]+)*$/;
const CLASSES = new Set([1, 3, 255]);
/** DNSCrypt asks for its certificate in a DNS message (DNSCrypt v2 §9); what follows is no DNS. */
const DNSCRYPT_CERTIFICATE = /^\d\.dnscrypt-cert\./i;

/**
 * On its port a message is DNS whose header is one, though its names be damaged. Anywhere else everything must fit: one
 * question with a host name of a known type, counts, and the end of the last record the end of the message.
 *
 * @param isWhole a datagram is, the beginning of a stream may not be
 */
export function recogniseDns(message: Uint8Array, isUsualPort: boolean, isWhole: boolean): Detection {
  const parsed = parseDns(message, 'dns');
  if (parsed !== undefined && DNSCRYPT_CERTIFICATE.test(parsed.record.name)) return 'reject';
  if (isUsualPort) return parsed !== undefined || hasPlausibleHeader(message) ? 'match' : 'reject';
  if (parsed === undefined || parsed.questions !== 1 || parsed.hasUnassigned) return 'reject';
  const { name, type } = parsed.record;
  const isSure =
    HOST_NAME.test(name) && !type.startsWith('TYPE') && CLASSES.has(parsed.questionClass) && hasSoundCounts(message);
  return isSure && (parsed.isExact || !isWhole) ? 'match' : 'reject';
}

function hasPlausibleHeader(message: Uint8Array): boolean {
  const flags = count(message, 2);
  const counts = [4, 6, 8, 10].map((offset) => count(message, offset));
  const total = counts.reduce((sum, one) => sum + one, 0);
  const isSmall = total > 0 && total <= MAXIMUM_COUNT && (counts[0] ?? 0) <= 4;
  return message.length > HEADER_BYTES && isSmall && !hasUnassigned(flags);
}

function hasSoundCounts(message: Uint8Array): boolean {
  const isQuery = (count(message, 2) & 0x8000) === 0;
  const [answers = 0, authorities = 0, additional = 0] = [6, 8, 10].map((offset) => count(message, offset));
  if (!isQuery) return answers + authorities + additional <= MAXIMUM_COUNT;
  return answers === 0 && authorities === 0 && additional <= MAXIMUM_ADDITIONAL_OF_QUERY;
}

function count(message: Uint8Array, offset: number): number {
  return ((message[offset] ?? 0) << 8) | (message[offset + 1] ?? 0);
}
