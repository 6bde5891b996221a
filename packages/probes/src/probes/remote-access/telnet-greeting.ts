import type { Probe } from '../../probe.ts';

/** RFC 854: command, and the four of negotiation. */
const IAC = 255;
const WILL = 251;
const WONT = 252;
const DO = 253;
const DONT = 254;
const MAXIMUM_REFUSALS = 32;
const GREETING_WAIT_MS = 3000;

/** Refuses every option, as a client that can do nothing, until the server shows its prompt. */
export const telnetGreeting: Probe = {
  id: 'telnet-greeting',
  title: 'Greeting of Telnet',
  protocols: ['telnet'],
  transport: 'tcp',
  ports: [23, 2323],
  sends:
    'Opens a connection, refuses every option that the server asks for, reads its greeting and closes. Types nothing.',
  caution: 'asks',
  limits: { connections: 1, packets: 6, bytes: 3 * MAXIMUM_REFUSALS, answerBytes: 8192, timeoutMs: 10_000 },
  async run({ connectPlain }) {
    const stream = await connectPlain();
    if (stream === undefined) return;
    const refusals = refusalsOf(await stream.receive((bytes) => bytes.length > 0, GREETING_WAIT_MS));
    if (refusals.length > 0) {
      stream.send(Buffer.from(refusals), 'refusals of Telnet options');
      await stream.receive((bytes) => bytes.includes(0x3a), GREETING_WAIT_MS);
    }
    stream.close();
  },
};

function refusalsOf(bytes: Buffer): number[] {
  const refusals: number[] = [];
  for (let at = 0; at + 2 < bytes.length && refusals.length < 3 * MAXIMUM_REFUSALS; at += 1) {
    if (bytes[at] !== IAC) continue;
    const [command, option = 0] = bytes.subarray(at + 1, at + 3);
    if (command === DO) refusals.push(IAC, WONT, option);
    if (command === WILL) refusals.push(IAC, DONT, option);
  }
  return refusals;
}
