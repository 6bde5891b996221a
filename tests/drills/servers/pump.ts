import { createServer } from 'node:net';
import { crc, parseAlaris } from '../../../packages/wire/src/alaris/message.ts';

// An infusion pump behind a terminal server, simulated: it speaks the protocol of Alaris pumps, and whoever reaches it may
// change its rate, as with the real ones. `node pump.ts PORT SERIAL`

const [port = '3001', serial = '800300001'] = process.argv.slice(2);
/** Millilitres per hour. */
let rate = '12.5';

const answerOf = (command: string, ...values: readonly string[]) => {
  const text = [command, ...values].join('^');
  return `!${text}|${crc(Buffer.from(text)).toString(16).toUpperCase().padStart(4, '0')}\r`;
};

createServer((socket) => {
  let waiting = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    const messages = (waiting + bytes.toString('latin1')).split('\r');
    waiting = messages.pop()?.slice(-1000) ?? '';
    for (const text of messages) {
      const message = parseAlaris(Buffer.from(text, 'latin1'));
      if (message === undefined) continue;
      const [value] = message.values;
      if (message.command === 'INST_SERIALNO') socket.write(answerOf('INST_SERIALNO', serial));
      else if (message.command === 'INF_RATE') {
        if (value !== undefined && /^\d{1,3}(\.\d)?$/.test(value)) rate = value;
        socket.write(answerOf('INF_RATE', rate, 'ml/h'));
      } else socket.write(answerOf(message.command, '?'));
    }
  });
}).listen(Number(port));
