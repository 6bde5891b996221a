import { type Check, failed, good, warning } from '../check.ts';

/** No warning, version 4, client (RFC 5905 §7.3). */
const CLIENT_V4 = 0x23;
const MESSAGE_BYTES = 48;
const SERVER_MODE = 4;
const UNSYNCHRONISED = 3;
/** Kiss codes of who does not want to be asked (RFC 5905 §7.4); others say that the clock is not set yet. */
const REFUSALS = ['DENY', 'RSTR', 'RATE'];
const MAXIMUM_STRATUM = 15;
/** Seconds from 1900 to 1970 (RFC 5905 §6). */
const EPOCH_SECONDS = 2_208_988_800;
const FRACTION = 4_294_967_296;

/** How far the clocks are apart (RFC 5905 §8). */
export const ntpDrift: Check = async (context) => {
  const socket = await context.datagrams();
  if (socket === undefined) return failed('The address cannot be reached from here.');
  const message = Buffer.alloc(MESSAGE_BYTES);
  message[0] = CLIENT_V4;
  const asked = context.now();
  writeTime(message, 40, asked);
  socket.send(message, 'NTP request');
  const bytes = await socket.receive(context.left());
  const answered = context.now();
  socket.close();
  if (bytes === undefined) return failed('Nobody answers at this address and port.');
  const reading = readOffset(bytes, asked, answered);
  if (typeof reading === 'string') return failed(reading);
  const { warningMs, failureMs } = context.parameters;
  const off = Math.abs(reading);
  const figures = { offsetMs: Math.round(reading) };
  const words = `Its clock is ${Math.round(off)} ms ${reading >= 0 ? 'ahead of' : 'behind'} the one here`;
  if (off >= Number(failureMs)) return failed(`${words}.`, figures);
  if (off >= Number(warningMs)) return warning(`${words}.`, figures);
  return good(`${words}, which is close enough.`, figures);
};

/**
 * @param asked when the question left, `answered` when the answer came: milliseconds since the Unix epoch
 * @returns milliseconds that the server is ahead, or why its time is none
 */
export function readOffset(bytes: Buffer, asked: number, answered: number): number | string {
  if (bytes.length < MESSAGE_BYTES || ((bytes[0] ?? 0) & 7) !== SERVER_MODE)
    return 'It answers, but not as a time server.';
  const stratum = bytes[1] ?? 0;
  const code = bytes.toString('latin1', 12, 16);
  if (stratum === 0 && REFUSALS.includes(code)) return `It refuses to tell the time (kiss of death, ${code}).`;
  if (stratum === 0 || stratum > MAXIMUM_STRATUM || (bytes[0] ?? 0) >> 6 === UNSYNCHRONISED)
    return 'It answers, but says itself that its clock is not set.';
  return (readTime(bytes, 32) - asked + (readTime(bytes, 40) - answered)) / 2;
}

function readTime(bytes: Buffer, at: number): number {
  return (bytes.readUInt32BE(at) - EPOCH_SECONDS + bytes.readUInt32BE(at + 4) / FRACTION) * 1000;
}

function writeTime(bytes: Buffer, at: number, time: number): void {
  const seconds = Math.floor(time / 1000);
  bytes.writeUInt32BE((seconds + EPOCH_SECONDS) % FRACTION, at);
  bytes.writeUInt32BE(Math.floor(((time % 1000) / 1000) * FRACTION), at + 4);
}
