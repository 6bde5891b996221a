import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { createConnection } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { crc } from '../../../packages/wire/src/alaris/message.ts';

// Care as the drill counts it: one kind of request again and again, as long as the hospital stands. Each is a line of JSON on
// standard output: when it began, whether it did what care needs, and why not.
// `node care.ts KIND EVERY_MS PARAMETER…`

const LIMIT_MS = 2000;
const [kind = '', every = '1000', ...parameters] = process.argv.slice(2);
const [host = '', more = '', evenMore = ''] = parameters;
let number = 0;

/** Each resolves when care has what it needs. @throws Error with what went wrong */
const REQUESTS: Readonly<Record<string, () => Promise<void>>> = {
  page: () => page(host, `/patients/${1 + (number % 300)}`),
  message: () => message(host),
  image: () => program('storescu', '-aet', 'CT_1', '-aec', 'ARCHIVE', '+II', '-to', '2', host, '4242', more),
  query: () =>
    program(
      'findscu',
      '-S',
      '-aet',
      'READING_1',
      '-aec',
      'ARCHIVE',
      '-to',
      '2',
      '-k',
      'QueryRetrieveLevel=STUDY',
      '-k',
      'PatientID=DRILL',
      '-k',
      'StudyInstanceUID',
      host,
      '4242',
    ),
  // A person opens a document: what comes back must be a document.
  document: () =>
    program('sh', '-c', `smbclient -N //${host}/documents -c 'get ${more} -' 2>/dev/null | grep -q "${evenMore}"`),
  pumps: async () => {
    for (const pump of parameters) await pumpRate(pump);
  },
};

const request = REQUESTS[kind];
if (request === undefined) throw new Error(`No such kind of care: ${kind}`);
for (;;) {
  const at = Date.now();
  number += 1;
  const why = await within(request()).then(
    () => '',
    (error: unknown) => String(error).slice(0, 200),
  );
  process.stdout.write(`${JSON.stringify({ at, ms: Date.now() - at, ok: why === '', why })}\n`);
  await pause(Math.max(20, Number(every) - (Date.now() - at)));
}

async function within(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), LIMIT_MS);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function page(ip: string, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = {
      host: ip,
      port: 8080,
      path,
      timeout: LIMIT_MS,
      agent: false,
      headers: { authorization: 'Bearer ward-token' },
    };
    const call = get(options, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`HTTP ${response.statusCode}`)),
      );
    });
    call.on('timeout', () => call.destroy(new Error('no answer in time')));
    call.on('error', reject);
  });
}

/** A result of the laboratory (HL7 v2.5, ORU^R01), which must be acknowledged. */
async function message(ip: string): Promise<void> {
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const control = `L${number}`;
  const lines = [
    `MSH|^~\\&|LAB|LAB1|ENGINE|HOSPITAL|${time}||ORU^R01|${control}|P|2.5`,
    'PID|1||DRILL^^^HOSPITAL||Invented^Patient',
    'OBR|1|||718-7^Haemoglobin^LN',
    'OBX|1|NM|718-7^Haemoglobin^LN||13.8|g/dL|12-16|N|||F',
  ];
  const answer = await exchange(ip, 2575, `\x0b${lines.join('\r')}\r\x1c\r`, '\x1c\r');
  if (!answer.includes(`MSA|AA|${control}`)) throw new Error('not acknowledged');
}

/** The rate must be what was prescribed. */
async function pumpRate(ip: string): Promise<void> {
  const answer = await exchange(
    ip,
    3001,
    `!INF_RATE|${crc(Buffer.from('INF_RATE')).toString(16).toUpperCase().padStart(4, '0')}\r`,
    '\r',
  );
  const rate = /^!INF_RATE\^([\d.]+)/.exec(answer)?.[1];
  if (rate !== '12.5') throw new Error(`the pump runs at ${rate ?? 'an unknown rate'}`);
}

async function exchange(ip: string, port: number, text: string, end: string): Promise<string> {
  const socket = createConnection({ host: ip, port });
  socket.setTimeout(LIMIT_MS, () => socket.destroy(new Error('no answer in time')));
  try {
    await once(socket, 'connect');
    socket.write(text, 'latin1');
    let answer = '';
    for await (const bytes of socket) {
      answer += (bytes as Buffer).toString('latin1');
      if (answer.includes(end)) return answer;
    }
    throw new Error('the connection was closed');
  } finally {
    socket.destroy();
  }
}

async function program(command: string, ...rest: readonly string[]): Promise<void> {
  const child = spawn(command, rest, { stdio: 'ignore', timeout: LIMIT_MS, killSignal: 'SIGKILL' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(code === null ? 'no answer in time' : `${command} ended with ${code}`);
}
