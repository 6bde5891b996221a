import { randomBytes } from 'node:crypto';
import { type Check, failed, good, NOBODY, quoted, SILENT, warning } from '../check.ts';

/** Frame of MLLP (HL7 v2.9 appendix C.4). */
const START = '\x0b';
const END = '\x1c\r';
const END_BLOCK = 0x1c;

/** A message that concerns no patient and changes nothing (NMQ^N01, HL7 v2.9 §14.3.1), and its acknowledgement (§2.9.2). */
export const hl7Acknowledgement: Check = async (context) => {
  const stream = await context.connect();
  if (stream === undefined) return NOBODY;
  const id = randomBytes(8).toString('hex').toUpperCase();
  const { sendingApplication, receivingApplication } = context.parameters;
  const message = clockQuery(id, String(sendingApplication), String(receivingApplication), context.now());
  stream.send(`${START}${message}${END}`, 'HL7 NMQ^N01: what time is it?');
  const bytes = await stream.receive((so) => so.includes(END_BLOCK), context.left());
  stream.close();
  if (bytes.length === 0) return SILENT;
  return readAcknowledgement(bytes.toString('latin1'), id);
};

/** @param id MSH-10 of the message. Pure; never throws */
export function readAcknowledgement(answer: string, id: string) {
  if (!answer.includes('MSH')) return failed('It answers, but not in HL7.');
  const fields = /\rMSA\|([^\r]*)/.exec(answer)?.[1]?.split('|');
  const [code = '', answered = ''] = fields ?? [];
  if (code === '') return failed('Its answer holds no acknowledgement (MSA).');
  if (answered !== id) return warning('It acknowledges another message than the one that was sent.');
  switch (code) {
    case 'AA':
    case 'CA':
      return good(`It acknowledges (${code}).`);
    case 'AR':
    case 'CR':
      return good(`It is there and rejects this sender or message (${code}), which is an acknowledgement.`);
    case 'AE':
    case 'CE':
      return warning(`It acknowledges with an error (${code}).`);
    default:
      return failed(`Its acknowledgement is none: ${quoted(code, 10)}.`);
  }
}

function clockQuery(id: string, sender: string, receiver: string, now: number): string {
  const time = new Date(now).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
  // Separators of HL7 in a name would be taken for the next field.
  const [from, to] = [sender, receiver].map((name) => name.replaceAll(/[|^~\\&]/g, ' '));
  return `MSH|^~\\&|${from}||${to}||${time}||NMQ^N01^NMQ_N01|${id}|P|2.5\rNCK|${time}\r`;
}
