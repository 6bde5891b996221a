import { once } from 'node:events';
import { chmod, rm, stat } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import type { Batcher } from '../batcher.ts';
import type { NetworkAddress } from '../sensor-messages.ts';
import { FinalInputError, type Input } from './input.ts';

/** More than any site has sensors; a flood of connections must not use up the file handles. */
const MAXIMUM_CONNECTIONS = 256;
const SOCKET_MODE = 0o660;

/** What one connection carries. */
export interface ConnectionReader {
  /** @throws Error when it carries something else */
  push(chunk: Uint8Array): void;
  end(): readonly string[];
}

/**
 * Takes connections on a TCP port or a Unix socket and reads them side by side.
 *
 * @param openConnection makes a reader for one more connection
 * @param finish called once when no more will come. @returns warnings
 */
export function openConnections(
  address: NetworkAddress | { readonly path: string },
  openConnection: () => ConnectionReader,
  finish: () => readonly string[],
): Input {
  return {
    async read(batcher, signal) {
      const open = new Set<Promise<void>>();
      const sockets = new Set<Socket>();
      const server = createServer((socket) => {
        sockets.add(socket);
        const reading = readConnection(socket, openConnection(), batcher, signal).finally(() => {
          sockets.delete(socket);
          open.delete(reading);
        });
        open.add(reading);
      });
      server.maxConnections = MAXIMUM_CONNECTIONS;
      await listen(server, address);
      if (!signal.aborted) await once(signal, 'abort');
      server.close();
      for (const socket of sockets) socket.destroy();
      await Promise.all(open);
      const warnings = finish();
      await batcher.finish(null);
      return warnings;
    },
  };
}

async function readConnection(
  socket: Socket,
  reader: ConnectionReader,
  batcher: Batcher,
  signal: AbortSignal,
): Promise<void> {
  const peer = socket.remoteAddress ?? 'The other end';
  try {
    for await (const chunk of socket) {
      reader.push(chunk as Uint8Array);
      await batcher.pace();
    }
    const warnings = reader.end();
    batcher.setNote(warnings.length === 0 ? '' : `${peer}: ${warnings.join(' ')}`);
  } catch (error) {
    if (signal.aborted) return;
    // One connection that carries nonsense, or breaks off, disturbs no other.
    batcher.setNote(`${peer}: ${error instanceof Error ? error.message : String(error)}`);
    socket.destroy();
  }
}

async function listen(server: Server, address: NetworkAddress | { readonly path: string }): Promise<void> {
  try {
    if ('path' in address) {
      await removeStaleSocket(address.path);
      server.listen(address.path);
    } else server.listen(address.port, address.host);
    await once(server, 'listening');
    // Whoever may write here tells what the network looks like: SPHINX and its group, which Suricata can be put in.
    if ('path' in address) await chmod(address.path, SOCKET_MODE);
  } catch (error) {
    const place = 'path' in address ? address.path : `${address.host} port ${address.port}`;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FinalInputError(`Cannot take connections on ${place}: ${reason}`);
  }
}

/** A socket that a killed program left behind; anything else at that path is not touched. */
async function removeStaleSocket(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isSocket() === true) await rm(path, { force: true });
}
