import type { Conversation } from '@sphinx/schema';

/**
 * Conversations of two hosts lie in one shard, except where they are seen both inside a tunnel and outside, or where a shard
 * began anew: then their totals are added up.
 */
export class JoinedConversations {
  /** By conversation: its last totals by the run of a shard that told them. One alone stands for itself. */
  readonly #known = new Map<string, { run: number; latest: Conversation } | Map<number, Conversation>>();
  #changed = new Map<string, Conversation>();

  /** @param run tells runs of shards apart */
  add(run: number, conversation: Conversation): void {
    const key = keyOf(conversation);
    this.#changed.set(key, this.#join(key, run, conversation));
  }

  /** What changed since the last call, each with the totals of all shards. */
  takeChanged(): Conversation[] {
    const changed = [...this.#changed.values()];
    this.#changed = new Map();
    return changed;
  }

  #join(key: string, run: number, conversation: Conversation): Conversation {
    const known = this.#known.get(key);
    if (known === undefined) {
      this.#known.set(key, { run, latest: conversation });
      return conversation;
    }
    if (known instanceof Map) {
      known.set(run, conversation);
      return sum([...known.values()]);
    }
    if (known.run === run) {
      known.latest = conversation;
      return conversation;
    }
    const parts = [
      [known.run, known.latest],
      [run, conversation],
    ] as const;
    this.#known.set(key, new Map(parts));
    return sum([known.latest, conversation]);
  }
}

function keyOf({ client, server, transport, serverPort, protocol }: Conversation): string {
  return `${client.ip}|${server.ip}|${transport}|${serverPort}|${protocol}`;
}

function sum(parts: readonly Conversation[]): Conversation {
  return parts.reduce((total, part) => {
    const first = part.packet.number < total.packet.number ? part : total;
    return {
      ...first,
      isEncrypted: total.isEncrypted || part.isEncrypted,
      isAnswered: total.isAnswered || part.isAnswered,
      bytesToServer: total.bytesToServer + part.bytesToServer,
      bytesToClient: total.bytesToClient + part.bytesToClient,
      packets: total.packets + part.packets,
      flows: total.flows + part.flows,
      firstSeen: Math.min(total.firstSeen, part.firstSeen),
      lastSeen: Math.max(total.lastSeen, part.lastSeen),
    };
  });
}
