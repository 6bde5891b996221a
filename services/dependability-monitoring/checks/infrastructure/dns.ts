import { randomInt } from 'node:crypto';
import { join, u16 } from '@sphinx/probes/messages';
import { type Check, type CheckAnswer, failed, good, quoted } from '../check.ts';

const TYPE_A = 1;
const CLASS_IN = 1;
const RECURSION_DESIRED = 0x0100;
const HEADER_BYTES = 12;
const MAXIMUM_RECORDS = 64;
/** RFC 1035 §4.1.1. */
const CODES: Readonly<Record<number, string>> = {
  1: 'it does not understand the question',
  2: 'it cannot answer at the moment (SERVFAIL)',
  3: 'the name does not exist (NXDOMAIN)',
  4: 'it does not do that',
  5: 'it refuses',
};

/** One question for the addresses of a name. */
export const dns: Check = async (context) => {
  const socket = await context.datagrams();
  if (socket === undefined) return failed('The address cannot be reached from here.');
  const id = randomInt(65_536);
  const { name, address } = context.parameters;
  socket.send(dnsQuestion(id, String(name)), `DNS: address of ${name}`);
  for (;;) {
    const bytes = await socket.receive(context.left());
    if (bytes === undefined) {
      socket.close();
      return failed('Nobody answers at this address and port.');
    }
    const answer = readDnsAnswer(bytes, id);
    // A late answer to an earlier question is none.
    if (answer === undefined) continue;
    socket.close();
    return judge(answer, String(name), String(address));
  }
};

export interface DnsAnswer {
  readonly code: number;
  readonly addresses: readonly string[];
}

/** RFC 1035 §4.1. */
export function dnsQuestion(id: number, name: string): Buffer {
  const labels = name
    .split('.')
    .filter((label) => label !== '')
    .map((label) => Buffer.from(label.slice(0, 63), 'latin1'));
  return join(
    u16(id),
    u16(RECURSION_DESIRED),
    u16(1),
    u16(0),
    u16(0),
    u16(0),
    ...labels.flatMap((label) => [label.length, label]),
    0,
    u16(TYPE_A),
    u16(CLASS_IN),
  );
}

/** @returns undefined for what is no answer to this question; never throws on hostile bytes */
export function readDnsAnswer(bytes: Buffer, id: number): DnsAnswer | undefined {
  const isAnswer = bytes.length >= HEADER_BYTES && bytes.readUInt16BE(0) === id && ((bytes[2] ?? 0) & 0x80) !== 0;
  if (!isAnswer) return undefined;
  const code = (bytes[3] ?? 0) & 0x0f;
  let at = HEADER_BYTES;
  for (let question = 0; question < Math.min(bytes.readUInt16BE(4), MAXIMUM_RECORDS); question += 1)
    at = behindName(bytes, at) + 4;
  const addresses: string[] = [];
  for (let record = 0; record < Math.min(bytes.readUInt16BE(6), MAXIMUM_RECORDS); record += 1) {
    const fixed = behindName(bytes, at);
    if (fixed + 10 > bytes.length) break;
    const length = bytes.readUInt16BE(fixed + 8);
    const value = bytes.subarray(fixed + 10, fixed + 10 + length);
    if (bytes.readUInt16BE(fixed) === TYPE_A && value.length === 4) addresses.push([...value].join('.'));
    at = fixed + 10 + length;
  }
  return { code, addresses };
}

/** A pointer ends a name (RFC 1035 §4.1.4). */
function behindName(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length) {
    const length = bytes[at] ?? 0;
    if (length >= 0xc0) return at + 2;
    if (length === 0) return at + 1;
    at += length + 1;
  }
  return at;
}

function judge({ code, addresses }: DnsAnswer, name: string, wanted: string): CheckAnswer {
  if (code !== 0) return failed(`${name}: ${CODES[code] ?? `code ${code}`}.`);
  if (addresses.length === 0) return failed(`It knows no address of ${name}.`);
  if (wanted !== '' && !addresses.includes(wanted)) {
    const message = `It gives ${quoted(addresses.join(', '))} for ${name}, not ${wanted}. If nobody changed that, somebody may be in between.`;
    return { ...failed(message), isSuspicious: true };
  }
  return good(`It knows ${name}.`);
}
