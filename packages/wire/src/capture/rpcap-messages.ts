import { ByteCollector } from '../bytes/byte-collector.ts';
import { ByteCursor } from '../bytes/byte-cursor.ts';
import { latin1 } from '../bytes/text.ts';
import type { PacketHandler } from './capture-reader.ts';

const VERSION = 0;
const HEADER_BYTES = 8;
const REPLY = 0x80;
/** Longer than any packet with its header. */
const MAXIMUM_PAYLOAD_BYTES = 1 << 20;

/** Kinds of messages of the Remote Packet Capture protocol (libpcap, `rpcap-protocol.h`). */
export const RPCAP = { error: 1, open: 3, startCapture: 4, close: 6, packet: 7, login: 8, statistics: 9 } as const;

/** One message. */
export interface RpcapMessage {
  /** One of `RPCAP`; answers are told by `isReply`. */
  readonly type: number;
  readonly isReply: boolean;
  /** Only valid during the call. */
  readonly payload: Uint8Array;
}

/** @returns a message without or with payload */
export function writeRpcapMessage(type: number, payload: Uint8Array = new Uint8Array(0)): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  header[0] = VERSION;
  header[1] = type;
  header.writeUInt32BE(payload.length, 4);
  return new Uint8Array(Buffer.concat([header, payload]));
}

const NO_LOGIN = 0;
const PASSWORD_LOGIN = 1;

/** @param login absent where the other end asks for none. The password goes over the wire as it is */
export function writeRpcapLogin(login: { readonly user: string; readonly password: string } | undefined): Uint8Array {
  const user = Buffer.from(login?.user ?? '');
  const password = Buffer.from(login?.password ?? '');
  const head = Buffer.alloc(8);
  head.writeUInt16BE(login === undefined ? NO_LOGIN : PASSWORD_LOGIN, 0);
  head.writeUInt16BE(user.length, 4);
  head.writeUInt16BE(password.length, 6);
  return writeRpcapMessage(RPCAP.login, Buffer.concat([head, user, password]));
}

/** @param interfaceName as the other end calls it */
export function writeRpcapOpen(interfaceName: string): Uint8Array {
  return writeRpcapMessage(RPCAP.open, Buffer.from(interfaceName));
}

const PROMISCUOUS = 1;
const FILTER_IS_BPF = 1;
/** BPF `ret #k`: takes everything. */
const BPF_RETURN = 6;

/** Asks for a capture of everything, on a connection that the client opens. */
export function writeRpcapStart(snapLength: number, readTimeoutMs: number): Uint8Array {
  const request = Buffer.alloc(28);
  request.writeUInt32BE(snapLength, 0);
  request.writeUInt32BE(readTimeoutMs, 4);
  request.writeUInt16BE(PROMISCUOUS, 8);
  request.writeUInt16BE(FILTER_IS_BPF, 12);
  request.writeUInt32BE(1, 16);
  request.writeUInt16BE(BPF_RETURN, 20);
  request.writeUInt32BE(snapLength, 24);
  return writeRpcapMessage(RPCAP.startCapture, request);
}

/** @returns LINKTYPE_ value of the interface that was opened; undefined where the answer is too short */
export function readRpcapOpened(payload: Uint8Array): number | undefined {
  const cursor = new ByteCursor(payload);
  const linkType = cursor.uint32();
  return cursor.isBroken ? undefined : linkType;
}

/** @returns port on which the other end waits for the connection that will carry packets */
export function readRpcapStarted(payload: Uint8Array): number | undefined {
  const cursor = new ByteCursor(payload, 4);
  const port = cursor.uint16();
  return cursor.isBroken || port === 0 ? undefined : port;
}

/** @returns packets that interface and kernel of the other end lost since the start */
export function readRpcapLosses(payload: Uint8Array): number | undefined {
  const cursor = new ByteCursor(payload, 4);
  const lost = cursor.uint32() + cursor.uint32();
  return cursor.isBroken ? undefined : lost;
}

/** @returns the reason that an error message gives */
export function readRpcapError(payload: Uint8Array): string {
  return latin1(payload, 0, 512)
    .replace(/[^ -~]+/g, ' ')
    .trim();
}

/** Hands a packet message on. @returns false when it is not whole */
export function readRpcapPacket(payload: Uint8Array, linkType: number, handler: PacketHandler): boolean {
  const cursor = new ByteCursor(payload);
  const timeMicros = cursor.uint32() * 1_000_000 + cursor.uint32();
  const capturedLength = cursor.uint32();
  const originalLength = cursor.uint32();
  cursor.skip(4);
  if (cursor.isBroken || capturedLength > cursor.remaining) return false;
  handler.packet(payload, cursor.offset, capturedLength, originalLength, linkType, timeMicros);
  return true;
}

/** Cuts a connection into messages. */
export class RpcapReader {
  readonly #onMessage: (message: RpcapMessage) => void;
  readonly #rest = new ByteCollector(HEADER_BYTES + 2 * MAXIMUM_PAYLOAD_BYTES);

  constructor(onMessage: (message: RpcapMessage) => void) {
    this.#onMessage = onMessage;
  }

  /** @returns false when the bytes are no messages of this protocol */
  push(chunk: Uint8Array): boolean {
    for (let offset = 0; offset < chunk.length; offset += MAXIMUM_PAYLOAD_BYTES) {
      this.#rest.add(chunk.subarray(offset, offset + MAXIMUM_PAYLOAD_BYTES));
      if (!this.#readMessages()) return false;
    }
    return true;
  }

  #readMessages(): boolean {
    const bytes = this.#rest.view();
    let offset = 0;
    while (bytes.length - offset >= HEADER_BYTES) {
      const length = new ByteCursor(bytes, offset + 4).uint32();
      const type = bytes[offset + 1] ?? 0;
      if (length > MAXIMUM_PAYLOAD_BYTES || bytes[offset] !== VERSION) return false;
      const end = offset + HEADER_BYTES + length;
      if (bytes.length < end) break;
      const payload = bytes.subarray(offset + HEADER_BYTES, end);
      this.#onMessage({ type: type & ~REPLY, isReply: (type & REPLY) !== 0, payload });
      offset = end;
    }
    this.#rest.drop(offset);
    return true;
  }
}
