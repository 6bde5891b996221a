import { ByteCursor } from '../bytes/byte-cursor.ts';
import { ContentMemo } from '../bytes/content-memo.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { items, uid } from './items.ts';
import type { AcceptedContext, AssociateReject, AssociationEnd, ProposedContext, UserInformation } from './types.ts';
import { NO_USER_INFORMATION, readUserInformation } from './user-information.ts';

const AE_TITLE_BYTES = 16;
const RESERVED_BYTES = 32;
const PROPOSED_CONTEXT = 0x20;
const ACCEPTED_CONTEXT = 0x21;
const ABSTRACT_SYNTAX = 0x30;
const TRANSFER_SYNTAX = 0x40;
const USER_INFORMATION = 0x50;
const REMEMBERED_BODIES = 128;
const LONGEST_REMEMBERED_BODY = 32 * 1024;

/** Content of an A-ASSOCIATE-RQ or -AC (PS3.8 §9.3.2, §9.3.3; user information PS3.7 annex D). */
export interface AssociateBody extends UserInformation {
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  readonly proposed: readonly ProposedContext[];
  readonly accepted: readonly AcceptedContext[];
}

const bodies = new ContentMemo<AssociateBody>(REMEMBERED_BODIES, LONGEST_REMEMBERED_BODY);

/**
 * @returns undefined when the body is too short for its fixed part; broken items are left out. The same bytes mostly give the
 *   same object
 */
export function parseAssociateBody(body: Uint8Array): AssociateBody | undefined {
  const known = bodies.get(body);
  if (known !== undefined) return known;
  const parsed = parseBody(body);
  // Bytes that may hold a password are not kept.
  if (parsed?.userIdentity === 'none') bodies.set(body, parsed);
  return parsed;
}

function parseBody(body: Uint8Array): AssociateBody | undefined {
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
    else if (type === USER_INFORMATION) user = readUserInformation(content);
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

/** A-ABORT (PS3.8 §9.3.8). */
export function parseAbort(body: Uint8Array): AssociationEnd {
  const [, , source = 0, reason = 0] = body;
  if (source === 0) return { protocol: 'dicom', activity: 'abort', abortedBy: 'service-user', reason: '' };
  const abortedBy = source === 2 ? 'service-provider' : 'unknown';
  return { protocol: 'dicom', activity: 'abort', abortedBy, reason: ABORT_REASONS[reason] ?? `reason ${reason}` };
}

const ABORT_REASONS: Readonly<Record<number, string>> = {
  0: 'no reason given',
  1: 'unrecognized PDU',
  2: 'unexpected PDU',
  4: 'unrecognized PDU parameter',
  5: 'unexpected PDU parameter',
  6: 'invalid PDU parameter value',
};

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

function aeTitle(bytes: Uint8Array): string {
  return cleanText(latin1(bytes), AE_TITLE_BYTES);
}
