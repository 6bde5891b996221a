import type { Conversation, HostObservation } from '@sphinx/schema';

/** What one host or conversation may report again, and when. */
const MAXIMUM_REMEMBERED = 500_000;

/**
 * Decides which observations become facts. Something new is reported at once; something known again only after
 * `refreshMs` of packet time, so that a busy network does not fill the log with what everybody knows.
 */
export class PublicationPolicy {
  readonly #refreshMs: number;
  readonly #evidence = new Map<string, number>();
  readonly #conversations = new Map<string, { reportedAt: number; shape: string; latest: Conversation }>();

  constructor(refreshMs: number) {
    this.#refreshMs = refreshMs;
  }

  hosts(observations: readonly HostObservation[]): HostObservation[] {
    return observations.flatMap((observation) => {
      const { mac, ip } = observation.host;
      const host = `${mac ?? ''}|${ip ?? ''}`;
      const evidence = observation.evidence.filter((item) => {
        const key = `${host}|${item.role}|${item.port ?? ''}|${item.attribute}|${item.value}`;
        const reportedAt = this.#evidence.get(key);
        if (reportedAt !== undefined && item.lastSeen - reportedAt < this.#refreshMs) return false;
        remember(this.#evidence, key, item.lastSeen);
        return true;
      });
      return evidence.length === 0 ? [] : [{ ...observation, evidence }];
    });
  }

  conversations(conversations: readonly Conversation[]): Conversation[] {
    return conversations.filter((conversation) => {
      const key = conversationKey(conversation);
      const shape = `${conversation.protocol}|${conversation.isEncrypted}|${conversation.isAnswered}`;
      const known = this.#conversations.get(key);
      const isDue =
        known === undefined || known.shape !== shape || conversation.lastSeen - known.reportedAt >= this.#refreshMs;
      const reportedAt = isDue ? conversation.lastSeen : known.reportedAt;
      remember(this.#conversations, key, { reportedAt, shape, latest: conversation });
      return isDue;
    });
  }

  /** Conversations whose last totals were not reported yet; called when a source ends. */
  remaining(): Conversation[] {
    return [...this.#conversations.values()]
      .filter(({ reportedAt, latest }) => latest.lastSeen > reportedAt)
      .map(({ latest }) => latest);
  }
}

/** Key under which facts about this conversation are ordered. */
export function conversationKey(conversation: Conversation): string {
  const client = conversation.client.ip ?? conversation.client.mac ?? '';
  const server = conversation.server.ip ?? conversation.server.mac ?? '';
  return `${client}>${server}|${conversation.transport}/${conversation.serverPort}|${conversation.protocol}`;
}

/** Forgets the oldest entry when full: at worst something known is reported once more. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= MAXIMUM_REMEMBERED) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
