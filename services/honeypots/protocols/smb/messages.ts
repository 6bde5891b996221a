// Messages of SMB 2.1 ([MS-SMB2] 2.2) with NTLM ([MS-NLMP] 2.2) in SPNEGO (RFC 4178), as a server reads and sends them.

export const COMMAND = {
  negotiate: 0,
  sessionSetup: 1,
  logoff: 2,
  treeConnect: 3,
  treeDisconnect: 4,
  create: 5,
  close: 6,
  flush: 7,
  read: 8,
  write: 9,
  ioctl: 11,
  echo: 13,
  queryDirectory: 14,
  queryInfo: 16,
} as const;

export const STATUS = {
  success: 0,
  moreProcessing: 0xc000_0016,
  noMoreFiles: 0x8000_0006,
  endOfFile: 0xc000_0011,
  accessDenied: 0xc000_0022,
  nameNotFound: 0xc000_0034,
  logonFailure: 0xc000_006d,
  badNetworkName: 0xc000_00cc,
  notSupported: 0xc000_00bb,
  invalidParameter: 0xc000_000d,
  fileClosed: 0xc000_0128,
  notFound: 0xc000_0225,
} as const;

export const HEADER_BYTES = 64;
/** SMB 2.1: the last dialect before encryption and pre-authentication hashes. */
export const DIALECT = 0x0210;
const RESPONSE = 1;
const MAXIMUM_CREDITS = 64;
const MAXIMUM_TRANSFER = 65_536;
/** 100-nanosecond steps between 1601 and 1970. */
const EPOCH_OFFSET = 116_444_736_000_000_000n;
const NTLM = Buffer.from('NTLMSSP\0', 'latin1');
const NTLM_OID = Buffer.from('060a2b06010401823702020a', 'hex');
const NTLM_FLAGS = 0xe28a_8215;

export interface SmbRequest {
  readonly command: number;
  readonly credits: number;
  readonly messageId: bigint;
  readonly processId: number;
  readonly treeId: number;
  readonly sessionId: bigint;
  /** From the begin of the header: offsets in messages count from there. */
  readonly bytes: Buffer;
  readonly body: Buffer;
}

/** @returns undefined when it is no request of SMB 2 */
export function readRequest(bytes: Buffer): SmbRequest | undefined {
  if (bytes.length < HEADER_BYTES + 2 || bytes.readUInt32BE(0) !== 0xfe53_4d42) return undefined;
  return {
    command: bytes.readUInt16LE(12),
    credits: bytes.readUInt16LE(14),
    messageId: bytes.readBigUInt64LE(24),
    processId: bytes.readUInt32LE(32),
    treeId: bytes.readUInt32LE(36),
    sessionId: bytes.readBigUInt64LE(40),
    bytes,
    body: bytes.subarray(HEADER_BYTES),
  };
}

export function reply(
  request: SmbRequest,
  status: number,
  body: Uint8Array,
  ids: { sessionId?: bigint; treeId?: number } = {},
): Buffer {
  const head = Buffer.alloc(4 + HEADER_BYTES);
  head.writeUIntBE(HEADER_BYTES + body.length, 1, 3);
  head.writeUInt32BE(0xfe53_4d42, 4);
  head.writeUInt16LE(HEADER_BYTES, 8);
  head.writeUInt16LE(1, 10);
  head.writeUInt32LE(status, 12);
  head.writeUInt16LE(request.command, 16);
  head.writeUInt16LE(Math.min(Math.max(1, request.credits), MAXIMUM_CREDITS), 18);
  head.writeUInt32LE(RESPONSE, 20);
  head.writeBigUInt64LE(request.messageId, 28);
  head.writeUInt32LE(request.processId, 36);
  head.writeUInt32LE(ids.treeId ?? request.treeId, 40);
  head.writeBigUInt64LE(ids.sessionId ?? request.sessionId, 44);
  return Buffer.concat([head, body]);
}

/** 2.2.2 */
export const ERROR_BODY: Buffer = Buffer.from([9, 0, 0, 0, 0, 0, 0, 0, 0]);
/** Of logoff, tree disconnect, flush and echo. */
export const EMPTY_BODY: Buffer = Buffer.from([4, 0, 0, 0]);

/** 2.2.4 @param dialect 0x02ff where an old greeting only asked for SMB 2 in general */
export function negotiateBody(guid: Buffer, now: number, dialect: number): Buffer {
  const token = Buffer.from('601c06062b0601050502a0123010a00e300c060a2b06010401823702020a', 'hex');
  const body = Buffer.alloc(64);
  body.writeUInt16LE(65, 0);
  body.writeUInt16LE(1, 2);
  body.writeUInt16LE(dialect, 4);
  guid.copy(body, 8, 0, 16);
  body.writeUInt32LE(MAXIMUM_TRANSFER, 28);
  body.writeUInt32LE(MAXIMUM_TRANSFER, 32);
  body.writeUInt32LE(MAXIMUM_TRANSFER, 36);
  body.writeBigUInt64LE(fileTime(now), 40);
  body.writeUInt16LE(HEADER_BYTES + 64, 56);
  body.writeUInt16LE(token.length, 58);
  return Buffer.concat([body, token]);
}

/** 2.2.6 */
export function sessionBody(token: Buffer, flags: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt16LE(9, 0);
  body.writeUInt16LE(flags, 2);
  body.writeUInt16LE(HEADER_BYTES + 8, 4);
  body.writeUInt16LE(token.length, 6);
  return Buffer.concat([body, token]);
}

/** The part of a token that is NTLM. */
export function ntlmOf(token: Buffer): Buffer | undefined {
  const at = token.indexOf(NTLM);
  return at < 0 || token.length < at + 12 ? undefined : token.subarray(at);
}

/** NTLM challenge (2.2.1.2) in a SPNEGO answer. */
export function challengeToken(challenge: Buffer, host: string, domain: string): Buffer {
  const name = Buffer.from(host.toUpperCase().slice(0, 15), 'utf16le');
  const pair = (id: number, value: string) => {
    const bytes = Buffer.from(value, 'utf16le');
    const head = Buffer.alloc(4);
    head.writeUInt16LE(id, 0);
    head.writeUInt16LE(bytes.length, 2);
    return Buffer.concat([head, bytes]);
  };
  const target = Buffer.concat([
    pair(2, host.toUpperCase().slice(0, 15)),
    pair(1, host.toUpperCase().slice(0, 15)),
    pair(4, domain),
    pair(3, domain === '' ? host : `${host}.${domain}`),
    Buffer.alloc(4),
  ]);
  const head = Buffer.alloc(56);
  NTLM.copy(head, 0);
  head.writeUInt32LE(2, 8);
  head.writeUInt16LE(name.length, 12);
  head.writeUInt16LE(name.length, 14);
  head.writeUInt32LE(56, 16);
  head.writeUInt32LE(NTLM_FLAGS, 20);
  challenge.copy(head, 24, 0, 8);
  head.writeUInt16LE(target.length, 40);
  head.writeUInt16LE(target.length, 42);
  head.writeUInt32LE(56 + name.length, 44);
  Buffer.from([10, 0, 0x63, 0x45, 0, 0, 0, 15]).copy(head, 48);
  const message = Buffer.concat([head, name, target]);
  const state = Buffer.from('a0030a0101', 'hex');
  return der(0xa1, der(0x30, state, der(0xa1, NTLM_OID), der(0xa2, der(0x04, message))));
}

export const ACCEPTED_TOKEN: Buffer = Buffer.from('a1073005a0030a0100', 'hex');

/** Who logs on (2.2.1.3); the response is what a password cracker gets, too. */
export function readAuthenticate(message: Buffer): {
  readonly domain: string;
  readonly user: string;
  readonly host: string;
  readonly response: string;
} {
  const field = (at: number) => {
    if (message.length < at + 8) return Buffer.alloc(0);
    const offset = message.readUInt32LE(at + 4);
    return message.subarray(offset, offset + Math.min(message.readUInt16LE(at), 1024));
  };
  const name = (at: number) => field(at).toString('utf16le').slice(0, 100);
  return { response: field(20).toString('hex').slice(0, 128), domain: name(28), user: name(36), host: name(44) };
}

export function fileTime(time: number): bigint {
  return BigInt(Math.round(time)) * 10_000n + EPOCH_OFFSET;
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length =
    body.length < 128
      ? [body.length]
      : body.length < 256
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

/** @returns the number of two bytes; 0 where they are not there */
export function word(bytes: Buffer, at: number): number {
  return bytes.length < at + 2 ? 0 : bytes.readUInt16LE(at);
}

/** @returns id of an open file, of which we use four bytes ([MS-SMB2] 2.2.14.1); 0 where it is not there */
export function fileIdAt(bytes: Buffer, at: number): number {
  return bytes.length < at + 4 ? 0 : bytes.readUInt32LE(at);
}
