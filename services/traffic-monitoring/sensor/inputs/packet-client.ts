import { once } from 'node:events';
import { connect } from 'node:net';
import type { PacketFeed } from '../packet-feed.ts';
import type { NetworkAddress } from '../sensor-messages.ts';
import type { Input } from './input.ts';
import { keepTrying } from './keep-trying.ts';

/** pcap-over-IP, the side that connects: Arkime, PolarProxy or `nc` give a capture without end on a TCP port. */
export function openPacketClient({ host, port }: NetworkAddress, feed: PacketFeed): Input {
  return {
    async read(batcher, signal) {
      await keepTrying(batcher, signal, async () => {
        const socket = connect({ host, port });
        const stop = () => socket.destroy();
        signal.addEventListener('abort', stop, { once: true });
        try {
          await once(socket, 'connect');
          const reader = feed.openCapture();
          for await (const chunk of socket) {
            batcher.setNote('');
            reader.push(chunk as Uint8Array);
            await batcher.pace();
          }
        } finally {
          signal.removeEventListener('abort', stop);
          socket.destroy();
        }
      });
      feed.finish();
      await batcher.finish(null);
      return [];
    },
  };
}
