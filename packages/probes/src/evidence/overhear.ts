import type { HostEvidence } from '@sphinx/schema';
import { createSensor } from '@sphinx/wire';
import type { Conversation } from '../connection/conversation.ts';
import { packetsOfConversation, RAW_IP_LINK, type WrittenPacket } from './packets.ts';

const MICROS_PER_MS = 1000;
/** A run has a few connections. */
const MAXIMUM_FLOWS = 64;

/** What the wire reads off the conversations of a run. */
export interface Overheard {
  /** About the target in the role that it had, numbered by `packets`. */
  readonly evidence: readonly HostEvidence[];
  /** As an observer would have seen them; those inside TLS last. */
  readonly packets: readonly WrittenPacket[];
}

/**
 * Has the rooms of the wire read what was said, so that an answer to a probe says the same about a device as traffic that
 * passes by.
 *
 * @param source id of the run, for packet references
 */
export function overhear(conversations: readonly Conversation[], ip: string, source: string): Overheard {
  const sensor = createSensor({ source, isSample: false, maximumFlows: MAXIMUM_FLOWS });
  const packets: WrittenPacket[] = [];
  const ordered = [...conversations].sort((left, right) => Number(left.isInsideTls) - Number(right.isInsideTls));
  for (const conversation of ordered) {
    if (conversation.turns.length === 0) continue;
    for (const packet of packetsOfConversation(distinct(conversation))) {
      const { bytes, time } = packet;
      sensor.packet(bytes, 0, bytes.length, bytes.length, RAW_IP_LINK, time * MICROS_PER_MS);
      packets.push(packet);
    }
  }
  sensor.finish();
  const evidence = sensor
    .takeBatch()
    .hosts.filter(({ host }) => host.ip === ip)
    .flatMap((observation) => observation.evidence)
    .filter(({ role }) => role !== 'client');
  return { evidence, packets };
}

/** What was said inside TLS is a flow of its own: another port of this end, which no connection has. */
function distinct(conversation: Conversation): Conversation {
  return conversation.isInsideTls ? { ...conversation, localPort: conversation.localPort ^ 1 } : conversation;
}
