import { createSocket } from 'node:dgram';
import { createConnection, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

// Runs in a network namespace of a test: serves and begins connections as it is told, one JSON line each.

interface Order {
  readonly do: 'listen' | 'connect' | 'hold' | 'use' | 'ask';
  readonly host?: string;
  readonly port: number;
  readonly localAddress?: string;
  readonly localPort?: number;
}

const PATIENCE_MS = 300;
const held = new Map<number, Socket>();

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await follow(JSON.parse(line) as Order).catch((error: NodeJS.ErrnoException) => error.code ?? 'error');
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);

async function follow(order: Order): Promise<string> {
  switch (order.do) {
    case 'listen':
      return listen(order.port);
    case 'connect': {
      const socket = await connect(order);
      socket.destroy();
      return 'open';
    }
    case 'hold':
      held.set(order.port, await connect(order));
      return 'open';
    case 'use':
      return use(held.get(order.port));
    case 'ask':
      return ask(order);
  }
}

async function listen(port: number): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => socket.write(data));
    socket.write(
      socket.remoteAddress?.includes(':') === true && !socket.remoteAddress.startsWith('::ffff') ? '6' : '4',
    );
  });
  const datagrams = createSocket({ type: 'udp6' }, (data, { address, port: back }) =>
    datagrams.send(data, back, address),
  );
  await new Promise<void>((resolve) => server.listen(port, '::', resolve));
  await new Promise<void>((resolve) => datagrams.bind(port, '::', resolve));
  return 'listening';
}

/** Open once the other end has said something. */
function connect({ host, port, localAddress, localPort }: Order): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({
      host: host ?? '',
      port,
      ...(localAddress === undefined ? {} : { localAddress }),
      ...(localPort === undefined ? {} : { localPort }),
    });
    socket.setTimeout(PATIENCE_MS, () => reject(Object.assign(new Error('silent'), { code: 'silent' })));
    socket.once('data', () => resolve(socket.setTimeout(0)));
    socket.once('error', reject);
  });
}

function use(socket: Socket | undefined): Promise<string> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => resolve('silent'), PATIENCE_MS);
    socket?.once('data', () => {
      clearTimeout(limit);
      resolve('open');
    });
    socket?.write('still there?');
  });
}

function ask({ host, port }: Order): Promise<string> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: host?.includes(':') === true ? 'udp6' : 'udp4' });
    const end = (answer: string) => {
      clearTimeout(limit);
      socket.close();
      resolve(answer);
    };
    const limit = setTimeout(() => end('silent'), PATIENCE_MS);
    socket.once('message', () => end('open'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'error'));
    socket.send('?', port, host);
  });
}
