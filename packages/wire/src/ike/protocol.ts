import { hasBytes, word32 } from '../bytes/match.ts';
import { latin1 } from '../bytes/text.ts';
import { defineDatagramRoom, draft } from '../datagram-room.ts';
import type { TransactionView } from '../inspector.ts';
import type { Direction, ParserContext, Protocol, ProtocolRecord } from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';
import { IkeConversation } from './conversation.ts';
import { HEADER_BYTES, readPayloads, VERSION_1 } from './payloads.ts';
import { merged, readProposals2, readTransforms1 } from './security-association.ts';

const NAT_TRAVERSAL_PORT = 4500;
const VERSION_2 = 0x20;
const IS_RESPONSE_2 = 0x20;

/** RFC 2408 §3.1, RFC 2409 appendix A, RFC 7296 §3.1. */
const EXCHANGES: Readonly<Record<number, string>> = {
  1: 'base',
  2: 'main-mode',
  3: 'authentication-only',
  4: 'aggressive-mode',
  5: 'informational',
  6: 'transaction',
  32: 'quick-mode',
  33: 'new-group-mode',
  34: 'sa-init',
  35: 'authentication',
  36: 'create-child-sa',
  37: 'informational',
  43: 'intermediate',
};

/** Vendor ids that name a product; hashes of the names that their makers chose. */
const VENDORS: Readonly<Record<string, string>> = {
  '12f5f28c457168a9702d9fe274cc0100': 'Cisco Unity',
  '1e2b516905991c7d7c96fcbfb587e461': 'Microsoft Windows',
  afcad71368a1f1c96b8696fc77570100: 'dead peer detection',
  '4048b7d56ebce88525e7de7f00d6c2d3': 'fragmentation',
  '882fe56d6fd20dbc2251613b2ebe5beb': 'strongSwan',
};

export interface IkeRecord extends ProtocolRecord {
  readonly protocol: 'ike';
  /** `sa-init`, `main-mode`, `aggressive-mode` … */
  readonly activity: string;
  readonly version: 1 | 2;
  readonly isResponse: boolean;
  /** A response has the number of its request. */
  readonly messageId: number;
  readonly vendors: readonly string[];
  /** Bytes of key exchange and nonce; 0 where there are none. */
  readonly keyExchangeBytes: number;
  readonly nonceBytes: number;
}

export function parseIke(datagram: Uint8Array): IkeRecord | undefined {
  // Behind address translation, four zero bytes tell it from ESP (RFC 3948 §2.2).
  const message = hasBytes(datagram, [0, 0, 0, 0]) ? datagram.subarray(4) : datagram;
  const activity = EXCHANGES[message[18] ?? 0];
  const version = message[17];
  const isHeader = message.length >= HEADER_BYTES && word32(message, 24) === message.length;
  if (!isHeader || activity === undefined || (version !== VERSION_1 && version !== VERSION_2)) return undefined;
  if (word32(message, 0) === 0 && word32(message, 4) === 0) return undefined;
  const flags = message[19] ?? 0;
  const { vendors, keyExchange, nonce } = readPayloads(message);
  const isFirst = word32(message, 8) === 0 && word32(message, 12) === 0;
  return {
    protocol: 'ike',
    activity,
    version: version === VERSION_1 ? 1 : 2,
    isResponse: version === VERSION_2 ? (flags & IS_RESPONSE_2) !== 0 : !isFirst,
    messageId: word32(message, 20),
    vendors,
    keyExchangeBytes: keyExchange?.length ?? 0,
    nonceBytes: nonce?.length ?? 0,
  };
}

const room = defineDatagramRoom<IkeRecord>({
  id: 'ike',
  title: 'IKE (IPsec)',
  standards: ['RFC 7296 §3.1, §3.2 (IKEv2)', 'RFC 2408 §3.1 (IKEv1)', 'RFC 3948 §2.2 (NAT traversal)'],
  usualPorts: [500, NAT_TRAVERSAL_PORT],
  isEncrypted: true,
  parse: parseIke,
  evidence: ({ version, isResponse, vendors }) => {
    const about = isResponse ? 'server' : 'client';
    const names = vendors.flatMap((id) => VENDORS[id] ?? VENDORS[id.slice(0, 32)] ?? []);
    return [
      ...draft(isResponse ? 'vpn.server' : 'vpn.client', `IPsec IKEv${version}`, about),
      ...names.flatMap((name) => draft('ike.vendor', name, about)),
    ];
  },
});

/** What both ends have said, as long as the context of their flow lives. */
const CONVERSATIONS = new WeakMap<ParserContext<IkeRecord>, IkeConversation>();

/** With a view for rules: `ike.*` keywords. */
export const ike: Protocol<IkeRecord> = {
  ...room,
  parseDatagram: (payload, direction, context) => {
    const record = parseIke(payload);
    if (record === undefined) return;
    context.emit(record, direction);
    const message = hasBytes(payload, [0, 0, 0, 0]) ? payload.subarray(4) : payload;
    if (context.inspect !== undefined) context.inspect(direction, viewOf(message, direction));
    if (context.detail === undefined) return;
    const conversation = CONVERSATIONS.get(context) ?? new IkeConversation();
    CONVERSATIONS.set(context, conversation);
    context.detail(direction, conversation.message(message, direction));
  },
};

/** Who asks has the first identifier, who answers the second. */
function viewOf(message: Uint8Array, direction: Direction): TransactionView {
  const { vendors, keyExchange, nonce, association } = readPayloads(message);
  const isRequest = direction === 'to-server';
  const hex = (from: number) => Buffer.from(message.subarray(from, from + 8)).toString('hex');
  const read = message[17] === VERSION_1 ? readTransforms1 : readProposals2;
  // What a server sends back is what it has chosen.
  const chosen = isRequest || association === undefined ? [] : [...merged(read(association))];
  return transactionView(
    'ike',
    {
      'ike.init_spi': isRequest ? hex(0) : undefined,
      'ike.resp_spi': isRequest ? undefined : hex(8),
      'ike.vendor': isRequest ? vendors : undefined,
      'ike.key_exchange_payload': keyExchange === undefined ? undefined : latin1(keyExchange),
      'ike.nonce_payload': nonce === undefined ? undefined : latin1(nonce),
    },
    {
      'ike.exchtype': message[18] ?? 0,
      'ike.key_exchange_payload_length': keyExchange?.length,
      'ike.nonce_payload_length': nonce?.length,
      ...Object.fromEntries(chosen.map(([name, values]) => [`ike.sa.${name}`, values])),
    },
  );
}
