import { randomInt } from 'node:crypto';
import { ber, berInteger, berObjectId, TAG } from '@sphinx/probes/messages';
import { type Check, failed, good, warning } from '../check.ts';

const GET = 0xa0;
const RESPONSE = 0xa2;
const TIME_TICKS = 0x43;
/** RFC 1901 §3: version 2c. */
const VERSION_2C = 1;
const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0';
const TICKS_PER_MINUTE = 6000;
const TICKS_PER_HOUR = 60 * TICKS_PER_MINUTE;
const MAXIMUM_ID = 0x3fff_ffff;

/** Time since the machine started (RFC 3418 §2). */
export const snmp: Check = async (context) => {
  const socket = await context.datagrams();
  if (socket === undefined) return failed('The address cannot be reached from here.');
  const id = 1 + randomInt(MAXIMUM_ID);
  socket.send(upTimeRequest(id, context.secret ?? 'public'), 'SNMP v2c get sysUpTime', context.secret !== undefined);
  const bytes = await socket.receive(context.left());
  socket.close();
  if (bytes === undefined) return failed('Nobody answers; the community may be wrong, too.');
  const ticks = readUpTime(bytes, id);
  if (ticks === undefined) return failed('It answers, but does not tell the time since its start.');
  const minutes = ticks / TICKS_PER_MINUTE;
  const figures = { upHours: Math.round(ticks / TICKS_PER_HOUR) };
  const limit = Number(context.parameters.restartMinutes);
  if (limit > 0 && minutes < limit) return warning(`It restarted ${Math.floor(minutes)} minutes ago.`, figures);
  return good('Its management answers.', figures);
};

export function upTimeRequest(id: number, community: string): Buffer {
  const binding = ber(TAG.sequence, berObjectId(SYS_UP_TIME), ber(TAG.nothing));
  const request = ber(GET, berInteger(id), berInteger(0), berInteger(0), ber(TAG.sequence, binding));
  return ber(TAG.sequence, berInteger(VERSION_2C), ber(TAG.octets, community), request);
}

/**
 * The answer repeats the request but for its value, so the value is looked for behind the object that was asked for.
 *
 * @returns hundredths of a second; undefined where the answer does not tell; never throws on hostile bytes
 */
export function readUpTime(bytes: Buffer, id: number): number | undefined {
  if (bytes[0] !== TAG.sequence || !bytes.includes(RESPONSE) || bytes.indexOf(berInteger(id)) === -1) return undefined;
  const object = berObjectId(SYS_UP_TIME);
  const at = bytes.indexOf(object);
  if (at === -1) return undefined;
  const value = at + object.length;
  const length = bytes[value + 1] ?? 0;
  if (bytes[value] !== TIME_TICKS || length < 1 || length > 5 || value + 2 + length > bytes.length) return undefined;
  return bytes.readUIntBE(value + 2, length);
}
