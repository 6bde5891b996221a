import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { ExportCollector } from '@sphinx/wire';
import type { RecordFeed } from '../record-feed.ts';
import type { NetworkAddress } from '../sensor-messages.ts';
import { FinalInputError, type Input } from './input.ts';

/** Exporters send in bursts; the kernel grants as much of it as `net.core.rmem_max` allows. */
const RECEIVE_BUFFER_BYTES = 16 << 20;
const HOUSEKEEPING_INTERVAL_MS = 1000;
const MICROS_PER_MS = 1000;

/** Takes datagrams of NetFlow, IPFIX and sFlow, and counts those that the kernel had no room for. */
export function openExports(address: NetworkAddress, feed: RecordFeed): Input {
  return {
    async read(batcher, signal) {
      const collector = new ExportCollector(feed.importer);
      const socket = await bind(address);
      const receive = (message: Buffer, from: RemoteInfo) => {
        collector.message(message, from.address, Date.now() * MICROS_PER_MS);
        void batcher.pace();
      };
      socket.on('message', receive);
      const timer = setInterval(async () => {
        collector.flush(Date.now() * MICROS_PER_MS);
        batcher.setLostBefore(await readDroppedDatagrams(socket.address().port));
      }, HOUSEKEEPING_INTERVAL_MS);
      if (!signal.aborted) await once(signal, 'abort');
      clearInterval(timer);
      batcher.setLostBefore(await readDroppedDatagrams(socket.address().port));
      socket.close();
      collector.flush();
      await batcher.finish(null);
      return feed.importer.warnings();
    },
  };
}

async function bind({ host, port }: NetworkAddress): Promise<Socket> {
  const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES });
  socket.bind(port, host);
  try {
    await once(socket, 'listening');
    return socket;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FinalInputError(`Cannot take datagrams on ${host} port ${port}: ${reason}`);
  }
}

/** Linux counts per socket what its buffer had no room for: last column of /proc/net/udp (proc(5)). */
async function readDroppedDatagrams(port: number): Promise<number> {
  const tables = await Promise.all(
    ['/proc/net/udp', '/proc/net/udp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  return tables.reduce((sum, table) => sum + droppedOf(table, port), 0);
}

/** @param table as the kernel prints it. @returns datagrams dropped by the sockets on this port */
export function droppedOf(table: string, port: number): number {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(suffix) === true)
    .reduce((sum, columns) => sum + (Number(columns.at(-1)) || 0), 0);
}
