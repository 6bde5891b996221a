import { negotiateBody, reply, type SmbRequest, STATUS } from './messages.ts';

const SMB1 = 0xff53_4d42;
/** Any dialect of SMB 2: the client negotiates once more. */
const ANY_SMB2 = 0x02ff;
const SMB_2_0_2 = 0x0202;

/** @returns whether the message is one of SMB 1 */
export function isOldMessage(bytes: Buffer): boolean {
  return bytes.length >= 5 && bytes.readUInt32BE(0) === SMB1;
}

/**
 * SMB 1 greeting that offers SMB 2 ([MS-SMB2] 3.3.5.3.1); SMB 1 itself is not spoken, as on servers of today.
 *
 * @param random 16 bytes
 * @param now milliseconds since the Unix epoch
 * @returns the answer; undefined where it offers no SMB 2
 */
export function answerOldGreeting(bytes: Buffer, random: Buffer, now: number): Buffer | undefined {
  const text = bytes.toString('latin1');
  if (!text.includes('SMB 2.')) return undefined;
  const numbers = { command: 0, credits: 1, messageId: 0n, processId: 0, treeId: 0, sessionId: 0n };
  const request: SmbRequest = { ...numbers, bytes, body: bytes };
  const dialect = text.includes('SMB 2.???') ? ANY_SMB2 : SMB_2_0_2;
  return reply(request, STATUS.success, negotiateBody(random, now, dialect));
}
