import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';

/** How programs that attackers use are run, and how they talk. */

/** @returns how it ended, and what it said; code null when it was cut off */
export async function tool(
  command: string,
  parameters: readonly string[],
  { limitMs = 3500, folder }: { limitMs?: number; folder?: string } = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(command, parameters, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
    ...(folder === undefined ? {} : { cwd: folder }),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      output = (output + bytes.toString()).slice(-4000);
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

/** Sends a text over TCP. @returns what came back up to the mark @throws Error when nothing does */
export async function ask(host: string, port: number, text: string, mark: string, limitMs = 2000): Promise<string> {
  const socket = createConnection({ host, port });
  socket.setTimeout(limitMs, () => socket.destroy(new Error('no answer')));
  try {
    await once(socket, 'connect');
    socket.write(text, 'latin1');
    let answer = '';
    for await (const bytes of socket) {
      answer += (bytes as Buffer).toString('latin1');
      if (answer.includes(mark)) return answer;
    }
    throw new Error('the connection was closed');
  } finally {
    socket.destroy();
  }
}

/** @returns whether the host answers at all: takes the connection or refuses it */
export function reaches(host: string, port: number, limitMs = 400): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port });
    const end = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.setTimeout(limitMs, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ECONNREFUSED'));
  });
}
