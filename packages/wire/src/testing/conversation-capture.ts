import { type PcapPacket, pcap } from './capture-files.ts';
import { type ConversationEnds, ConversationFeed } from './conversation-packets.ts';
import type { Turn } from './play.ts';

const MICROS_PER_SECOND = 1_000_000;

/** @returns a capture file (pcap) of one connection after the other */
export function conversationsCapture(
  conversations: readonly { readonly ends: ConversationEnds; readonly turns: readonly Turn[] }[],
): Uint8Array {
  const packets: PcapPacket[] = [];
  const feed = new ConversationFeed({
    packet(payload, _offset, _captured, _original, _link, timeMicros) {
      const seconds = Math.floor(timeMicros / MICROS_PER_SECOND);
      packets.push({ payload, seconds, fraction: timeMicros % MICROS_PER_SECOND });
    },
  });
  for (const { ends, turns } of conversations) feed.connection(ends, turns);
  return pcap({}, packets);
}

/** @returns a capture file (pcap) of one connection */
export function conversationCapture(ends: ConversationEnds, turns: readonly Turn[]): Uint8Array {
  return conversationsCapture([{ ends, turns }]);
}
