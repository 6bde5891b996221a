import type { ProbeStream } from '../../connection/probe-stream.ts';
import { join, u32 } from '../../messages/binary.ts';
import type { Probe, ProbeContext } from '../../probe.ts';

/** PostgreSQL documentation §55.7: codes of the first message. */
const SSL_REQUEST = 80_877_103;
const PROTOCOL_3 = 196_608;
const AUTHENTICATION = 0x52;
const ERROR = 0x45;
const ACCEPTS_TLS = 0x53;
const SUPERUSER = 'postgres';

/** Asks how the superuser has to prove who he is; where nothing is asked for, the session is ended at once. */
export const postgresqlAccess: Probe = {
  id: 'postgresql-access',
  title: 'PostgreSQL without a password',
  protocols: ['postgresql'],
  transport: 'tcp',
  ports: [5432],
  sends:
    'Opens two connections (one of them with TLS where offered), names the user "postgres" without a password, and reads whether one is asked for. Ends the session at once; reads no data.',
  caution: 'logs-in',
  limits: { connections: 2, packets: 24, bytes: 6000, answerBytes: 64 * 1024, timeoutMs: 20_000 },
  async run(context) {
    const first = await context.connectPlain();
    if (first === undefined) return;
    first.send(join(u32(8), u32(SSL_REQUEST)), 'PostgreSQL: may I use TLS?');
    const reply = await first.receive((bytes) => bytes.length > 0);
    if (reply[0] === ACCEPTS_TLS && reply.length === 1) await logIn(context, await first.startTls());
    first.close();
    await logIn(context, await context.connectPlain());
  },
};

async function logIn({ report }: ProbeContext, stream: ProbeStream | undefined): Promise<void> {
  if (stream === undefined) return;
  stream.send(startup(), 'PostgreSQL: start as user postgres');
  const answer = await stream.receive((bytes) => bytes.length >= 9);
  const isWelcome = answer[0] === AUTHENTICATION && answer.length >= 9 && answer.readUInt32BE(5) === 0;
  if (isWelcome) report('postgresql.without-password', 'true');
  else if (answer[0] === AUTHENTICATION || isRefused(answer)) report('postgresql.without-password', 'false');
  if (isWelcome) stream.send(join('X', u32(4)), 'PostgreSQL: end');
  stream.close();
}

/** SQLSTATE of class 28: not let in. Others say that it is starting up, full, or has no such database. */
function isRefused(answer: Buffer): boolean {
  return answer[0] === ERROR && /\0C28/.test(answer.toString('latin1'));
}

function startup(): Buffer {
  const body = join(u32(PROTOCOL_3), `user\0${SUPERUSER}\0database\0postgres\0\0`);
  return join(u32(body.length + 4), body);
}
