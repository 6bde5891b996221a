const HEADER_BYTES = 64;
const NEGOTIATE = 0;
const SESSION_SETUP = 1;
const LOGOFF = 2;
const RESPONSE = 1;
const MORE_PROCESSING_REQUIRED = 0xc0000016;
const SESSION_ID = 0x5a01n;
const DIALECTS = [0x0202, 0x0210, 0x0300, 0x0302];
const CHOSEN_DIALECT = 0x0302;
const SIGNING_ENABLED_AND_REQUIRED = 3;
const SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1');
/** Unicode, NTLM, target information, version (MS-NLMP §2.2.2.5). */
const NTLM_FLAGS = 0x0280_0205;
/** 10.0.20348 is Windows Server 2022; revision 15 is NTLMSSP_REVISION_W2K3 (MS-NLMP §2.2.2.10). */
const WINDOWS_VERSION = Buffer.from('0a007c4f0000000f', 'hex');

/** Session of a Windows client with a Windows file server, up to the point where everything is signed. */
export interface SmbSession {
  readonly exchanges: readonly (readonly [request: Buffer, response: Buffer])[];
}

/**
 * SMB 3.0.2 negotiation, NTLM session set-up and logoff (MS-SMB2 §2.2.3 to §2.2.8).
 *
 * @param computer NetBIOS name of the server
 */
export function smbSession(computer: string, domain: string): SmbSession {
  return {
    exchanges: [
      [message(NEGOTIATE, 0, 0, 0, negotiateRequest()), message(NEGOTIATE, 0, RESPONSE, 0, negotiateResponse())],
      [
        message(SESSION_SETUP, 1, 0, 0, setupRequest(ntlmNegotiate())),
        message(SESSION_SETUP, 1, RESPONSE, MORE_PROCESSING_REQUIRED, setupResponse(ntlmChallenge(computer, domain))),
      ],
      [
        message(SESSION_SETUP, 2, 0, 0, setupRequest(ntlmAuthenticate())),
        message(SESSION_SETUP, 2, RESPONSE, 0, setupResponse(Buffer.alloc(0))),
      ],
      [message(LOGOFF, 3, 0, 0, EMPTY_BODY), message(LOGOFF, 3, RESPONSE, 0, EMPTY_BODY)],
    ],
  };
}

const EMPTY_BODY = Buffer.from([4, 0, 0, 0]);

/** Direct TCP transport (MS-SMB2 §2.1) and the synchronous header (§2.2.1.2). */
function message(command: number, id: number, flags: number, status: number, body: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('\xfeSMB', 0, 'latin1');
  header.writeUInt16LE(HEADER_BYTES, 4);
  header.writeUInt16LE(1, 6);
  header.writeUInt32LE(status, 8);
  header.writeUInt16LE(command, 12);
  header.writeUInt16LE(1, 14);
  header.writeUInt32LE(flags, 16);
  header.writeBigUInt64LE(BigInt(id), 24);
  header.writeUInt32LE(0xfeff, 32);
  if (command !== NEGOTIATE && (id > 1 || flags === RESPONSE)) header.writeBigUInt64LE(SESSION_ID, 40);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length + body.length);
  return Buffer.concat([length, header, body]);
}

function negotiateRequest(): Buffer {
  const body = Buffer.alloc(36 + 2 * DIALECTS.length);
  body.writeUInt16LE(36, 0);
  body.writeUInt16LE(DIALECTS.length, 2);
  body.writeUInt16LE(1, 4);
  body.fill(0x5a, 12, 28);
  for (const [index, dialect] of DIALECTS.entries()) body.writeUInt16LE(dialect, 36 + 2 * index);
  return body;
}

function negotiateResponse(): Buffer {
  const body = Buffer.alloc(64);
  body.writeUInt16LE(65, 0);
  body.writeUInt16LE(SIGNING_ENABLED_AND_REQUIRED, 2);
  body.writeUInt16LE(CHOSEN_DIALECT, 4);
  body.fill(0xa5, 8, 24);
  for (const offset of [28, 32, 36]) body.writeUInt32LE(1 << 20, offset);
  body.writeUInt16LE(HEADER_BYTES + 64, 56);
  return body;
}

function setupRequest(token: Buffer): Buffer {
  const body = Buffer.alloc(24);
  body.writeUInt16LE(25, 0);
  body.writeUInt8(1, 3);
  body.writeUInt16LE(HEADER_BYTES + body.length, 12);
  body.writeUInt16LE(token.length, 14);
  return Buffer.concat([body, token]);
}

function setupResponse(token: Buffer): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt16LE(9, 0);
  body.writeUInt16LE(HEADER_BYTES + body.length, 4);
  body.writeUInt16LE(token.length, 6);
  return Buffer.concat([body, token]);
}

/** MS-NLMP §2.2.1.1. */
function ntlmNegotiate(): Buffer {
  const body = Buffer.alloc(32);
  SIGNATURE.copy(body, 0);
  body.writeUInt32LE(1, 8);
  body.writeUInt32LE(NTLM_FLAGS, 12);
  return Buffer.concat([body, WINDOWS_VERSION]);
}

/** MS-NLMP §2.2.1.2: the server says its names. */
function ntlmChallenge(computer: string, domain: string): Buffer {
  const pair = (id: number, text: string) => {
    const value = Buffer.from(text, 'utf16le');
    const head = Buffer.alloc(4);
    head.writeUInt16LE(id, 0);
    head.writeUInt16LE(value.length, 2);
    return Buffer.concat([head, value]);
  };
  const names = Buffer.concat([pair(2, domain), pair(1, computer), pair(0, '')]);
  const fixed = Buffer.alloc(48);
  SIGNATURE.copy(fixed, 0);
  fixed.writeUInt32LE(2, 8);
  fixed.writeUInt32LE(56, 16);
  fixed.writeUInt32LE(NTLM_FLAGS, 20);
  fixed.fill(0x3c, 24, 32);
  fixed.writeUInt16LE(names.length, 40);
  fixed.writeUInt16LE(names.length, 42);
  fixed.writeUInt32LE(56, 44);
  return Buffer.concat([fixed, WINDOWS_VERSION, names]);
}

/** MS-NLMP §2.2.1.3, without any account name. */
function ntlmAuthenticate(): Buffer {
  const fixed = Buffer.alloc(64);
  SIGNATURE.copy(fixed, 0);
  fixed.writeUInt32LE(3, 8);
  for (const offset of [16, 24, 32, 40, 48, 56]) fixed.writeUInt32LE(72, offset);
  fixed.writeUInt32LE(NTLM_FLAGS, 60);
  return Buffer.concat([fixed, WINDOWS_VERSION]);
}
