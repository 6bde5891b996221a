import type { Conversation } from '@sphinx/schema';
import type { Endpoint } from './identity/endpoint.ts';
import { isHostAddress } from './identity/networks.ts';
import { clientProgram, programSuffix, serverProgram } from './identity/program.ts';

/** A network of any size has fewer pairs that matter; a flood must not fill the memory. */
const MAXIMUM_CONVERSATIONS = 500_000;

/** Who talked to whom, found by either end. */
export class ConversationIndex {
  readonly #byKey = new Map<string, Conversation>();
  readonly #keysByIp = new Map<string, Set<string>>();

  /**
   * @returns the key under which it is kept, and whether more than its totals is new; undefined where an end is no single
   *   host, or there is no more room
   */
  set(conversation: Conversation): { key: string; isTelling: boolean } | undefined {
    const { client, server } = conversation;
    if (client.ip === undefined || server.ip === undefined) return undefined;
    if (!isHostAddress(client.ip) || !isHostAddress(server.ip) || conversation.protocol === 'arp') return undefined;
    const key = conversationKeyOf(conversation);
    const known = this.#byKey.get(key);
    if (known === undefined && this.#byKey.size >= MAXIMUM_CONVERSATIONS) return undefined;
    this.#byKey.set(key, conversation);
    if (known !== undefined) return { key, isTelling: isDifferent(known, conversation) };
    for (const ip of [client.ip, server.ip]) {
      const keys = this.#keysByIp.get(addressKey(ip, conversation.sample)) ?? new Set();
      this.#keysByIp.set(addressKey(ip, conversation.sample), keys.add(key));
    }
    return { key, isTelling: true };
  }

  get(key: string): Conversation | undefined {
    return this.#byKey.get(key);
  }

  /** @returns keys of what was removed */
  removeSource(source: string): string[] {
    const removed = [...this.#byKey].filter(([, conversation]) => conversation.source === source);
    for (const [key, { client, server, sample }] of removed) {
      this.#byKey.delete(key);
      for (const { ip } of [client, server]) this.#keysByIp.get(addressKey(ip ?? '', sample))?.delete(key);
    }
    return removed.map(([key]) => key);
  }

  /** @param holds whether the endpoint has the address now */
  of(endpoint: Endpoint, holds: (ip: string) => boolean): { asClient: Conversation[]; asServer: Conversation[] } {
    const asClient: Conversation[] = [];
    const asServer: Conversation[] = [];
    for (const ip of endpoint.ips.keys()) {
      for (const key of this.#keysByIp.get(addressKey(ip, endpoint.isSample)) ?? []) {
        const conversation = this.#byKey.get(key);
        if (conversation === undefined) continue;
        const { client, server, serverPort, protocol } = conversation;
        const isOwn = (mac: string | undefined) =>
          mac === undefined || endpoint.mac === undefined ? holds(ip) : mac === endpoint.mac;
        const own = programSuffix(endpoint.program);
        const isClient = client.ip === ip && programSuffix(clientProgram(ip, protocol)) === own;
        const isServer = server.ip === ip && programSuffix(serverProgram(ip, serverPort)) === own;
        if (isClient && isOwn(client.mac)) asClient.push(conversation);
        if (isServer && isOwn(server.mac)) asServer.push(conversation);
      }
    }
    return { asClient, asServer };
  }
}

/** Totals of one conversation grow; its ends, its protection and whether it was answered rarely change. */
function isDifferent(known: Conversation, conversation: Conversation): boolean {
  return (
    known.isEncrypted !== conversation.isEncrypted ||
    known.isAnswered !== conversation.isAnswered ||
    known.client.mac !== conversation.client.mac ||
    known.server.mac !== conversation.server.mac
  );
}

/** @returns key of the latest totals: one per source and conversation */
export function conversationKeyOf({ source, client, server, transport, serverPort, protocol }: Conversation): string {
  return [source, client.ip, server.ip, transport, serverPort, protocol].join('|');
}

function addressKey(ip: string, isSample: boolean): string {
  return isSample ? `sample:${ip}` : ip;
}
