import { createConnection, createServer } from 'node:net';

// The interface engine of the drill: takes HL7 v2 messages over MLLP (HL7 v2 "Transport Specification: MLLP", Release 1)
// and acknowledges each. It logs what it is sent with a logger that nobody has updated (CVE-2021-44228): what a message names,
// it connects to. Nothing that comes back is carried out. `node interface-engine.ts PORT`

const [START, END, RETURN] = ['\x0b', '\x1c', '\r'];
const MAXIMUM_BYTES = 1_000_000;
let taken = 0;

createServer((socket) => {
  let waiting = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    waiting += bytes.toString('latin1');
    if (waiting.length > MAXIMUM_BYTES) socket.destroy();
    for (let end = waiting.indexOf(`${END}${RETURN}`); end >= 0; end = waiting.indexOf(`${END}${RETURN}`)) {
      const message = waiting.slice(waiting.indexOf(START) + 1, end);
      waiting = waiting.slice(end + 2);
      socket.write(`${START}${acknowledge(message)}${END}${RETURN}`, 'latin1');
    }
  });
}).listen(Number(process.argv[2] ?? 2575));

function acknowledge(message: string): string {
  taken += 1;
  const [, host, port] = /\$\{jndi:ldap:\/\/([\d.]+):(\d+)\//.exec(message) ?? [];
  if (host !== undefined) fetchFrom(host, Number(port));
  const [, , sender = '', facility = '', receiver = '', receiving = '', time = '', , , control = ''] = (
    message.split('\r')[0] ?? ''
  ).split('|');
  const head = ['MSH', '^~\\&', receiver, receiving, sender, facility, time, '', 'ACK', `A${taken}`, 'P', '2.5'];
  return `${head.join('|')}\rMSA|AA|${control}\r`;
}

function fetchFrom(host: string, port: number): void {
  const socket = createConnection({ host, port });
  socket.setTimeout(2000, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', () => socket.end('uid=0(root) gid=0(root)\n'));
}
