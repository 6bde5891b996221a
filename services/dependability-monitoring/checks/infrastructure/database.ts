import { join, le32, u16, u32 } from '@sphinx/probes/messages';
import { type Check, type CheckAnswer, type CheckContext, failed, good, NOBODY, quoted, SILENT } from '../check.ts';

const USER = 'sphinx';

/** Whether a new session would be taken. */
export const database: Check = (context) => {
  switch (context.parameters.product) {
    case 'mysql':
      return mysql(context);
    case 'sqlserver':
      return sqlServer(context);
    default:
      return postgresql(context);
  }
};

/** PostgreSQL documentation, Message Flow: version 3.0, then who asks. */
const PROTOCOL_3 = 196_608;
/** SQLSTATE: too many connections, cannot connect now (it starts, stops or recovers), crashed. */
const NOT_READY: Readonly<Record<string, string>> = {
  '53300': 'it has too many connections',
  '57P01': 'it is being shut down',
  '57P02': 'it has crashed',
  '57P03': 'it is starting up or recovering',
};

async function postgresql(context: CheckContext): Promise<CheckAnswer> {
  const stream = await context.connect();
  if (stream === undefined) return NOBODY;
  const body = join(u32(PROTOCOL_3), `user\0${USER}\0database\0postgres\0\0`);
  stream.send(join(u32(body.length + 4), body), `PostgreSQL: begin as user ${USER}`);
  const answer = await stream.receive(
    (bytes) => bytes.length >= 5 && bytes.length >= 1 + bytes.readUInt32BE(1),
    context.left(),
  );
  stream.close();
  return judgePostgresql(answer);
}

/** Pure; never throws on hostile bytes. */
export function judgePostgresql(answer: Buffer): CheckAnswer {
  if (answer.length === 0) return SILENT;
  const kind = String.fromCharCode(answer[0] ?? 0);
  if (kind === 'R') return good('It takes sessions.');
  if (kind !== 'E') return failed('It answers, but not as PostgreSQL.');
  const state = /\0C([0-9A-Z]{5})\0/.exec(answer.toString('latin1'))?.[1] ?? '';
  const reason = NOT_READY[state];
  // Whoever refuses this user or this way in works.
  return reason === undefined
    ? good(`It takes sessions, and refuses this one (${state}).`)
    : failed(`It takes no session: ${reason}.`);
}

/** MySQL documentation, Connection Phase. */
const MYSQL_ERROR = 0xff;
const ACCESS_DENIED = 1045;
const CAPABILITIES = 0x0008_8201;
const MAXIMUM_PACKET = 16_777_216;
const UTF8 = 33;

async function mysql(context: CheckContext): Promise<CheckAnswer> {
  const stream = await context.connect();
  if (stream === undefined) return NOBODY;
  const greeting = await stream.receive(isMysqlPacketWhole, context.left());
  const early = judgeMysql(greeting, true);
  if (early !== undefined) {
    stream.close();
    return early;
  }
  // A server blocks whoever leaves too often without an answer to its greeting (max_connect_errors); a refused login does not count.
  const body = join(
    le32(CAPABILITIES),
    le32(MAXIMUM_PACKET),
    UTF8,
    Buffer.alloc(23),
    `${USER}\0`,
    0,
    'mysql_native_password\0',
  );
  stream.send(join(body.length, 0, 0, 1, body), `MySQL: log in as user ${USER} without a password`);
  const answer = await stream.receive(isMysqlPacketWhole, context.left());
  stream.close();
  return judgeMysql(answer, false) ?? good('It takes sessions.');
}

function isMysqlPacketWhole(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.length >= 4 + bytes.readUIntLE(0, 3);
}

/** @returns undefined where all is well so far. Pure; never throws on hostile bytes */
export function judgeMysql(packet: Buffer, isGreeting: boolean): CheckAnswer | undefined {
  if (packet.length === 0) return SILENT;
  if (packet.length < 7) return failed('It answers, but not as MySQL.');
  if (packet[4] === MYSQL_ERROR) {
    const code = packet.readUInt16LE(5);
    if (!isGreeting && code === ACCESS_DENIED) return good('It takes sessions, and refuses this user.');
    if (!isGreeting && code > 1045 && code < 1300)
      return good(`It takes sessions, and refuses this one (error ${code}).`);
    return failed(`It takes no session: error ${code} ${quoted(packet.subarray(7).toString('latin1'))}`);
  }
  if (isGreeting && packet[4] !== 10) return failed('It answers, but not as MySQL.');
  return undefined;
}

/** MS-TDS §2.2.3.1 and §2.2.6.5. */
const PRELOGIN = 0x12;
const TABULAR_RESULT = 0x04;

async function sqlServer(context: CheckContext): Promise<CheckAnswer> {
  const stream = await context.connect();
  if (stream === undefined) return NOBODY;
  // Version and encryption ("not supported" by this end), which is all that has to be said.
  const options = join(0x00, u16(11), u16(6), 0x01, u16(17), u16(1), 0xff, u32(0), u16(0), 0x02);
  stream.send(join(PRELOGIN, 1, u16(options.length + 8), u16(0), 0, 0, options), 'SQL Server: prelogin');
  const answer = await stream.receive(
    (bytes) => bytes.length >= 8 && bytes.length >= bytes.readUInt16BE(2),
    context.left(),
  );
  stream.close();
  if (answer.length === 0) return SILENT;
  return answer[0] === TABULAR_RESULT ? good('It takes sessions.') : failed('It answers, but not as SQL Server.');
}
