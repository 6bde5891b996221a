import { randomBytes } from 'node:crypto';
import type { Probe } from '../../probe.ts';

/** Frame of MLLP (HL7 v2.9 appendix C.4). */
const START = '\x0b';
const END = '\x1c\r';
/** MSA-1: accepted in original and in enhanced mode; rejected in both (HL7 v2.9 table 0008). */
const ACCEPTED = ['AA', 'CA'];
const REJECTED = ['AR', 'CR'];

/** Asks for the clock (network management, HL7 v2.9 §14.3.1): concerns no patient and changes nothing. */
export const hl7Query: Probe = {
  id: 'hl7-query',
  title: 'HL7 listener: does it answer to anyone?',
  protocols: ['hl7'],
  transport: 'tcp',
  ports: [2575, 6661, 2100],
  sends:
    'Sends one HL7 message of type NMQ^N01 (what time is it?) under a sender name drawn at random, and reads the acknowledgement. The message names no patient.',
  caution: 'unusual',
  limits: { connections: 1, packets: 5, bytes: 400, answerBytes: 16 * 1024, timeoutMs: 12_000 },
  async run(context) {
    const stream = await context.connect();
    if (stream === undefined) return;
    const sender = context.invent(`SPHINX-${randomBytes(4).toString('hex').toUpperCase()}`);
    stream.send(`${START}${clockQuery(sender, new Date())}${END}`, 'HL7 NMQ^N01: what time is it?');
    const answer = (await stream.receive((bytes) => bytes.includes(0x1c), 5000)).toString('latin1');
    stream.close();
    const code = /\rMSA\|([A-Z]{2})(?:\||\r|$)/.exec(answer)?.[1] ?? '';
    if (ACCEPTED.includes(code)) context.report('hl7.any-sender', 'accepted');
    if (REJECTED.includes(code)) context.report('hl7.any-sender', 'refused');
  },
};

function clockQuery(sender: string, now: Date): string {
  const time = now.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
  const id = randomBytes(6).toString('hex').toUpperCase();
  return `MSH|^~\\&|${sender}||||${time}||NMQ^N01^NMQ_N01|${id}|P|2.5\rNCK|${time}\r`;
}
