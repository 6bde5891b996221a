import { randomBytes } from 'node:crypto';
import { join, le16, le32, u24 } from './binary.ts';

// [MS-CIFS] §2.2.4.52, [MS-SMB2] §2.2.3, §2.2.5, [MS-NLMP] §2.2.1.

const NTLMSSP = 'NTLMSSP\0';
/** Unicode, NTLM, request target, extended session security. */
const NTLM_FLAGS = 0x0008_8205 | 0x0000_0200;
/** 2.0.2, 2.1, 3.0, 3.0.2. 3.1.1 needs contexts, and a server that has it has the others. */
const SMB2_DIALECTS = [0x0202, 0x0210, 0x0300, 0x0302];
const SMB2_COMMAND = { negotiate: 0, sessionSetup: 1 } as const;

/** Offers nothing but SMB 1. */
export function smb1Negotiate(): Buffer {
  const dialect = join(2, 'NT LM 0.12\0');
  const header = join(0xff, 'SMB', 0x72, Buffer.alloc(4), 0x18, le16(0xc803), Buffer.alloc(18), le16(1));
  return framed(join(header, 0, le16(dialect.length), dialect));
}

/** Offers SMB 2.0.2 to 3.0.2, and to sign. */
export function smb2Negotiate(): Buffer {
  const body = join(
    le16(36),
    le16(SMB2_DIALECTS.length),
    le16(1),
    le16(0),
    le32(0),
    randomBytes(16),
    Buffer.alloc(8),
    ...SMB2_DIALECTS.map(le16),
  );
  return framed(join(smb2Header(SMB2_COMMAND.negotiate, 0, 0n), body));
}

/** First step of a login: asks for the challenge, which names computer and domain. */
export function smb2Challenge(): Buffer {
  const token = join(NTLMSSP, le32(1), le32(NTLM_FLAGS), Buffer.alloc(16));
  return sessionSetup(1, 0n, token);
}

/** Second step: a user that nobody has, with an empty password. */
export function smb2Login(sessionId: bigint, user: string): Buffer {
  const name = Buffer.from(user, 'utf16le');
  const headerBytes = 64;
  const field = (length: number, offset: number) => join(le16(length), le16(length), le32(offset));
  const response = Buffer.alloc(24);
  const end = headerBytes + name.length;
  const token = join(
    NTLMSSP,
    le32(3),
    field(0, headerBytes),
    field(response.length, end),
    field(0, headerBytes),
    field(name.length, headerBytes),
    field(0, headerBytes),
    field(0, headerBytes),
    le32(NTLM_FLAGS),
    name,
    response,
  );
  return sessionSetup(2, sessionId, token);
}

function sessionSetup(messageId: number, sessionId: bigint, token: Buffer): Buffer {
  const offset = 64 + 24;
  const body = join(le16(25), 0, 1, le32(0), le32(0), le16(offset), le16(token.length), Buffer.alloc(8));
  return framed(join(smb2Header(SMB2_COMMAND.sessionSetup, messageId, sessionId), body, token));
}

function smb2Header(command: number, messageId: number, sessionId: bigint): Buffer {
  const session = Buffer.alloc(8);
  session.writeBigUInt64LE(sessionId);
  return join(
    0xfe,
    'SMB',
    le16(64),
    le16(0),
    le32(0),
    le16(command),
    le16(1),
    le32(0),
    le32(0),
    le32(messageId),
    le32(0),
    le32(0),
    le32(0),
    session,
    Buffer.alloc(16),
  );
}

/** @returns the session id of an SMB 2 answer, else undefined */
export function smb2SessionId(bytes: Buffer): bigint | undefined {
  const message = bytes.subarray(4);
  return message.length >= 64 && message[0] === 0xfe ? message.readBigUInt64LE(40) : undefined;
}

/** Whether a whole message is there (direct transport over TCP, [MS-SMB2] §2.1). */
export function isSmbWhole(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.length >= 4 + bytes.readUIntBE(1, 3);
}

function framed(message: Buffer): Buffer {
  return join(0, u24(message.length), message);
}
