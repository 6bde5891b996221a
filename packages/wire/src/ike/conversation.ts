import { word32 } from '../bytes/match.ts';
import type { TransactionDetail } from '../inspector.ts';
import type { Direction } from '../protocol.ts';
import { HEADER_BYTES, readPayloads, VERSION_1 } from './payloads.ts';
import { type AssociationAttributes, readProposals2, readTransforms1 } from './security-association.ts';

const IS_ENCRYPTED_1 = 1;
const IS_INITIATOR_2 = 0x08;
const ENCRYPTED_2 = 46;
const MAXIMUM_VENDORS = 32;

/** What one end has said in the clear; in hexadecimal. */
export interface IkeEnd {
  readonly keyExchange: string;
  readonly nonce: string;
  /** Transforms of IKEv1, proposals of IKEv2. */
  readonly proposals: readonly AssociationAttributes[];
}

/** One message, with what both ends had said up to it. */
export interface IkeDetail extends TransactionDetail {
  readonly protocol: 'ike';
  readonly version: 1 | 2;
  readonly minorVersion: number;
  readonly initiatorSpi: string;
  readonly responderSpi: string;
  readonly exchangeType: number;
  readonly messageId: number;
  readonly isFromInitiator: boolean;
  readonly isEncrypted: boolean;
  readonly payloadTypes: readonly number[];
  readonly client: IkeEnd;
  readonly server: IkeEnd;
  readonly vendors: readonly string[];
}

const SILENT: IkeEnd = { keyExchange: '', nonce: '', proposals: [] };

/** Gathers what the ends of one flow say to each other (RFC 2409 §5, RFC 7296 §1.2). */
export class IkeConversation {
  readonly #ends: Record<Direction, IkeEnd> = { 'to-server': SILENT, 'to-client': SILENT };
  readonly #vendors = new Set<string>();

  /** @param message that is one: without what tells it from ESP */
  message(message: Uint8Array, direction: Direction): IkeDetail {
    const isVersion1 = message[17] === VERSION_1;
    const flags = message[19] ?? 0;
    const { keyExchange, nonce, association, vendors, types } = readPayloads(message);
    const before = this.#ends[direction];
    this.#ends[direction] = {
      keyExchange: keyExchange === undefined ? before.keyExchange : hex(keyExchange),
      nonce: nonce === undefined ? before.nonce : hex(nonce),
      proposals:
        association === undefined
          ? before.proposals
          : isVersion1
            ? readTransforms1(association)
            : readProposals2(association),
    };
    for (const vendor of vendors) if (this.#vendors.size < MAXIMUM_VENDORS) this.#vendors.add(vendor);
    return {
      protocol: 'ike',
      version: isVersion1 ? 1 : 2,
      minorVersion: (message[17] ?? 0) & 15,
      initiatorSpi: hex(message.subarray(0, 8)),
      responderSpi: hex(message.subarray(8, 16)),
      exchangeType: message[18] ?? 0,
      messageId: word32(message, HEADER_BYTES - 8),
      isFromInitiator: isVersion1 ? direction === 'to-server' : (flags & IS_INITIATOR_2) !== 0,
      isEncrypted: isVersion1 ? (flags & IS_ENCRYPTED_1) !== 0 : types.includes(ENCRYPTED_2),
      payloadTypes: types,
      client: this.#ends['to-server'],
      server: this.#ends['to-client'],
      vendors: [...this.#vendors],
    };
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
