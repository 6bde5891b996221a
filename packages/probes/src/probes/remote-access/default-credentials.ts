import { isAnswerWhole, readHttpAnswer } from '../../messages/http-answer.ts';
import { httpRequest } from '../../messages/http-request.ts';
import { mqttConnect, readConnack } from '../../messages/mqtt-connect.ts';
import { snmpGet } from '../../messages/snmp-request.ts';
import type { Credential, Probe, ProbeContext } from '../../probe.ts';
import { isFtpReplyWhole } from '../files-and-names/ftp-greeting.ts';

/** More failed logins than these lock accounts (NIST SP 800-63B-4 §3.2.2 lets through far more, devices do not). */
const MAXIMUM_TRIES = 3;

type Login = (context: ProbeContext, credential: Credential) => Promise<'accepted' | 'refused' | 'not asked'>;

const LOGINS: Readonly<Record<string, Login>> = { ftp: ftpLogin, http: httpLogin, mqtt: mqttLogin, snmp: snmpLogin };

/** Tries what makers print in manuals. Only what a person has picked for this device is tried, and never more than three. */
export const defaultCredentials: Probe = {
  id: 'default-credentials',
  title: 'Passwords from the maker’s manual',
  protocols: ['ftp', 'http', 'tls', 'mqtt'],
  transport: 'tcp',
  ports: [21, 80, 443, 1883, 8042, 8080, 8443],
  sends:
    'Tries to log in with at most three user names and passwords from the list of default credentials, by FTP, HTTP Basic or MQTT, and leaves at once. Failed logins may be logged or lock the account.',
  caution: 'logs-in',
  needsPerson: true,
  limits: { connections: 2 * MAXIMUM_TRIES, packets: 40, bytes: 4000, answerBytes: 512 * 1024, timeoutMs: 45_000 },
  run: (context) => tryAll(context, ['ftp', 'http', 'mqtt']),
};

/** The same for communities of SNMP. */
export const defaultCommunities: Probe = {
  id: 'default-communities',
  title: 'SNMP communities from the maker’s manual',
  protocols: ['snmp'],
  transport: 'udp',
  ports: [161],
  sends:
    'Asks for the system description with at most three communities from the list of default credentials. Changes nothing.',
  caution: 'logs-in',
  needsPerson: true,
  limits: { connections: MAXIMUM_TRIES, packets: MAXIMUM_TRIES, bytes: 600, answerBytes: 16 * 1024, timeoutMs: 10_000 },
  run: (context) => tryAll(context, ['snmp']),
};

async function tryAll(context: ProbeContext, protocols: readonly string[]): Promise<void> {
  const spoken = context.protocol === 'tls' || context.protocol === 'fhir' ? 'http' : context.protocol;
  const fitting = context.credentials.filter(
    ({ protocol }) => protocols.includes(protocol) && (spoken === '' || protocol === spoken),
  );
  let isRefused = false;
  for (const credential of fitting.slice(0, MAXIMUM_TRIES)) {
    const outcome = (await LOGINS[credential.protocol]?.(context, credential)) ?? 'not asked';
    if (outcome === 'accepted') return context.report('login.default-credentials', credential.id);
    isRefused ||= outcome === 'refused';
  }
  if (isRefused) context.report('login.default-credentials', 'none of those tried');
}

async function ftpLogin({ connectPlain }: ProbeContext, { id, user, password }: Credential) {
  const stream = await connectPlain();
  if (stream === undefined) return 'not asked';
  const greeting = await stream.receive(isFtpReplyWhole);
  if (!greeting.toString('latin1').startsWith('220')) return close(stream, 'not asked');
  stream.send(`USER ${user}\r\n`, `FTP user of ${id}`);
  let answer = await stream.receive(isFtpReplyWhole, 5000);
  if (answer.toString('latin1').startsWith('331')) {
    stream.send(`PASS ${password}\r\n`, `FTP password of ${id}`, true);
    answer = await stream.receive(isFtpReplyWhole, 6000);
  }
  const text = answer.toString('latin1');
  return close(stream, text.startsWith('230') ? 'accepted' : text.startsWith('5') ? 'refused' : 'not asked');
}

/** @returns `not asked` where the page opens without a login, or asks for another kind of login */
async function httpLogin(context: ProbeContext, { id, user, password }: Credential) {
  const plain = await get(context, {}, 'GET / without a login', false);
  if (plain?.status !== 401 || !/\bbasic\b/i.test(plain.headers.get('www-authenticate') ?? '')) return 'not asked';
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const answer = await get(context, { Authorization: authorization }, `GET / as ${id}`, true);
  if (answer === undefined) return 'not asked';
  return answer.status === 401 || answer.status === 403 ? 'refused' : 'accepted';
}

async function get(context: ProbeContext, headers: Record<string, string>, what: string, isSecret: boolean) {
  const stream = await context.connect();
  if (stream === undefined) return undefined;
  stream.send(httpRequest(context, 'GET', '/', headers), what, isSecret);
  return close(stream, readHttpAnswer(await stream.receive(isAnswerWhole)));
}

async function mqttLogin({ connect }: ProbeContext, { id, user, password }: Credential) {
  const stream = await connect();
  if (stream === undefined) return 'not asked';
  stream.send(mqttConnect({ user, password }), `MQTT connect as ${id}`, true);
  const answer = readConnack(await stream.receive((bytes) => bytes.length >= 4));
  return close(stream, answer === 'unknown' ? 'not asked' : answer);
}

async function snmpLogin({ datagrams }: ProbeContext, { id, password }: Credential) {
  const socket = await datagrams();
  if (socket === undefined) return 'not asked';
  socket.send(snmpGet('2c', password, 1 + Math.floor(Math.random() * 0x3fff_ffff)), `SNMP get with ${id}`, true);
  return close(socket, (await socket.receive()) === undefined ? 'refused' : 'accepted');
}

function close<Value>(open: { close(): void }, value: Value): Value {
  open.close();
  return value;
}
