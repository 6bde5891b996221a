import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import type { AcceptedContext, AssociateReject, AssociateRequest, ProposedContext } from './types.ts';

const AE_TITLE_BYTES = 16;
const RESERVED_BYTES = 32;
const PROPOSED_CONTEXT = 0x20;
const ACCEPTED_CONTEXT = 0x21;
const ABSTRACT_SYNTAX = 0x30;
const TRANSFER_SYNTAX = 0x40;
const USER_INFORMATION = 0x50;
const MAXIMUM_LENGTH = 0x51;
const IMPLEMENTATION_CLASS_UID = 0x52;
const IMPLEMENTATION_VERSION = 0x55;
const USER_IDENTITY = 0x58;
const USER_IDENTITY_KINDS = ['unknown', 'user-name', 'user-name-and-passcode', 'kerberos', 'saml', 'jwt'] as const;
const MAXIMUM_ITEMS = 1024;

/** Content of an A-ASSOCIATE-RQ or -AC (PS3.8 §9.3.2, §9.3.3; user information PS3.7 annex D). */
export interface AssociateBody {
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  readonly implementationClassUid: string;
  readonly implementationVersion: string;
  readonly maximumPduBytes: number;
  readonly userIdentity: AssociateRequest['userIdentity'];
  readonly proposed: readonly ProposedContext[];
  readonly accepted: readonly AcceptedContext[];
}

/** @returns undefined when the body is too short for its fixed part; broken items are left out */
export function parseAssociateBody(body: Uint8Array): AssociateBody | undefined {
  const cursor = new ByteCursor(body);
  cursor.skip(4);
  const calledAeTitle = aeTitle(cursor.slice(AE_TITLE_BYTES));
  const callingAeTitle = aeTitle(cursor.slice(AE_TITLE_BYTES));
  cursor.skip(RESERVED_BYTES);
  if (cursor.isBroken) return undefined;
  const proposed: ProposedContext[] = [];
  const accepted: AcceptedContext[] = [];
  let user: UserInformation = NO_USER_INFORMATION;
  for (const { type, content } of items(cursor)) {
    if (type === PROPOSED_CONTEXT) proposed.push(proposedContext(content));
    else if (type === ACCEPTED_CONTEXT) accepted.push(acceptedContext(content));
    else if (type === USER_INFORMATION) user = userInformation(content);
  }
  return { callingAeTitle, calledAeTitle, ...user, proposed, accepted };
}

/** A-ASSOCIATE-RJ (PS3.8 §9.3.4). */
export function parseReject(body: Uint8Array): Pick<AssociateReject, 'isPermanent' | 'rejectedBy' | 'reason'> {
  const [, result = 0, source = 0, reason = 0] = body;
  const rejectedBy = (['unknown', 'service-user', 'service-provider-acse', 'service-provider-presentation'] as const)[
    source
  ];
  return {
    isPermanent: result === 1,
    rejectedBy: rejectedBy ?? 'unknown',
    reason: REJECT_REASONS[`${source}.${reason}`] ?? `reason ${reason}`,
  };
}

const REJECT_REASONS: Readonly<Record<string, string>> = {
  '1.1': 'no reason given',
  '1.2': 'application context not supported',
  '1.3': 'calling AE title not recognized',
  '1.7': 'called AE title not recognized',
  '2.1': 'no reason given',
  '2.2': 'protocol version not supported',
  '3.1': 'temporary congestion',
  '3.2': 'local limit exceeded',
};

interface UserInformation {
  readonly implementationClassUid: string;
  readonly implementationVersion: string;
  readonly maximumPduBytes: number;
  readonly userIdentity: AssociateRequest['userIdentity'];
}

const NO_USER_INFORMATION: UserInformation = {
  implementationClassUid: '',
  implementationVersion: '',
  maximumPduBytes: 0,
  userIdentity: 'none',
};

function userInformation(cursor: ByteCursor): UserInformation {
  let user = NO_USER_INFORMATION;
  for (const { type, content } of items(cursor)) {
    const { bytes, offset, end } = content;
    if (type === MAXIMUM_LENGTH) user = { ...user, maximumPduBytes: content.uint32() };
    else if (type === IMPLEMENTATION_CLASS_UID) user = { ...user, implementationClassUid: uid(bytes, offset, end) };
    else if (type === IMPLEMENTATION_VERSION) {
      user = { ...user, implementationVersion: cleanText(latin1(bytes, offset, end), AE_TITLE_BYTES) };
    } else if (type === USER_IDENTITY) {
      user = { ...user, userIdentity: USER_IDENTITY_KINDS[content.uint8()] ?? 'unknown' };
    }
  }
  return user;
}

function proposedContext(cursor: ByteCursor): ProposedContext {
  const id = cursor.uint8();
  cursor.skip(3);
  let abstractSyntax = '';
  const transferSyntaxes: string[] = [];
  for (const { type, content } of items(cursor)) {
    const value = uid(content.bytes, content.offset, content.end);
    if (type === ABSTRACT_SYNTAX) abstractSyntax = value;
    else if (type === TRANSFER_SYNTAX) transferSyntaxes.push(value);
  }
  return { id, abstractSyntax, transferSyntaxes };
}

function acceptedContext(cursor: ByteCursor): AcceptedContext {
  const id = cursor.uint8();
  cursor.skip(1);
  const result = cursor.uint8();
  cursor.skip(1);
  let transferSyntax = '';
  for (const { type, content } of items(cursor)) {
    if (type === TRANSFER_SYNTAX) transferSyntax = uid(content.bytes, content.offset, content.end);
  }
  return { id, result, transferSyntax };
}

function* items(cursor: ByteCursor): IterableIterator<{ type: number; content: ByteCursor }> {
  for (let count = 0; count < MAXIMUM_ITEMS && cursor.remaining >= 4; count++) {
    const type = cursor.uint8();
    cursor.skip(1);
    yield { type, content: cursor.nested(cursor.uint16()) };
  }
}

function aeTitle(bytes: Uint8Array): string {
  return cleanText(latin1(bytes), AE_TITLE_BYTES);
}

/** PS3.5 §9: digits and dots, 64 characters at most. */
function uid(bytes: Uint8Array, start: number, end: number): string {
  return latin1(bytes, start, Math.min(end, start + 64)).replace(/[^0-9.]/g, '');
}
