import { createSocket } from 'node:dgram';
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';

// What stands on the internet of the drill. `node outside.ts masters`: takes uploads on port 80, hands out work to miners on 3333,
// waits for shells on 4444. `node outside.ts names`: a name server that knows every name.

const MINING_ANSWER = {
  jsonrpc: '2.0',
  id: 1,
  error: null,
  result: { id: 'drill', job: { blob: '0e0e', job_id: '1', target: 'b88d0600' }, status: 'OK' },
};

if (process.argv[2] === 'names') names();
else masters();

function masters(): void {
  createHttp((request, response) => {
    request.on('data', () => undefined);
    request.on('end', () => response.end('thanks'));
  }).listen(80);
  createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      for (const line of bytes.toString().split('\n').filter(Boolean)) {
        const id = (JSON.parse(line) as { id?: number }).id ?? 1;
        socket.write(`${JSON.stringify({ ...MINING_ANSWER, id })}\n`);
      }
    });
  }).listen(3333);
  createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.write('id\n');
  }).listen(4444);
}

/** Answers every question with a text (RFC 1035 §4.1). */
function names(): void {
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => {
    if (question.length < 17) return;
    const head = Buffer.from(question.subarray(0, 12));
    head.writeUInt16BE(0x8580, 2);
    head.writeUInt16BE(1, 6);
    head.writeUInt16BE(0, 8);
    head.writeUInt16BE(0, 10);
    let end = 12;
    while (end < question.length && (question[end] ?? 0) > 0) end += (question[end] ?? 0) + 1;
    const asked = question.subarray(12, end + 5);
    const text = Buffer.from('c29tZSBvcmRlcnM=');
    const answer = Buffer.concat([
      Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 0, 0, text.length + 1, text.length]),
      text,
    ]);
    socket.send(Buffer.concat([head, asked, answer]), from.port, from.address);
  });
  socket.bind(53);
}
