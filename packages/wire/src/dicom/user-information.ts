import type { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { items, uid } from './items.ts';
import type { ExtendedNegotiation, RoleSelection, UserIdentityKind, UserInformation } from './types.ts';
import { serviceClassOf, sopClassName } from './uids.ts';

/** Sub-items of the user information item (PS3.7 annex D.3.3). */
const MAXIMUM_LENGTH = 0x51;
const IMPLEMENTATION_CLASS_UID = 0x52;
const ASYNCHRONOUS_OPERATIONS = 0x53;
const ROLE_SELECTION = 0x54;
const IMPLEMENTATION_VERSION = 0x55;
const EXTENDED_NEGOTIATION = 0x56;
const COMMON_EXTENDED_NEGOTIATION = 0x57;
const USER_IDENTITY = 0x58;
const USER_IDENTITY_ANSWER = 0x59;
const VERSION_NAME_BYTES = 16;
const MAXIMUM_NEGOTIATIONS = 256;
const USER_IDENTITY_KINDS: readonly UserIdentityKind[] = [
  'unknown',
  'user-name',
  'user-name-and-passcode',
  'kerberos',
  'saml',
  'jwt',
];

/** Application information of query/retrieve SOP classes, byte by byte (PS3.4 C.5.1.1, C.5.2.1, C.5.3.1). */
const QUERY_FEATURES = [
  'relational queries',
  'date-time matching',
  'fuzzy matching of names',
  'time zone adjustment',
  'enhanced multi-frame conversion',
];
/** First byte of the application information of storage SOP classes (PS3.4 B.3.1). */
const STORAGE_LEVELS = ['storage level 0', 'storage level 1', 'storage level 2'];
/** Its second byte. */
const SIGNATURE_LEVELS = [undefined, 'signature level 1', 'signature level 2', 'signature level 3'];
const MAXIMUM_RELATED_CLASSES = 16;

export const NO_USER_INFORMATION: UserInformation = {
  implementationClassUid: '',
  implementationVersion: '',
  maximumPduBytes: 0,
  userIdentity: 'none',
  isUserIdentityAnswerRequested: false,
  isUserIdentityConfirmed: false,
  asynchronousOperations: undefined,
  roleSelections: [],
  extendedNegotiations: [],
};

/** User information of an A-ASSOCIATE-RQ or -AC (PS3.7 annex D.3.3). The value of a user identity is never looked at. */
export function readUserInformation(cursor: ByteCursor): UserInformation {
  let user = NO_USER_INFORMATION;
  const roleSelections: RoleSelection[] = [];
  const extendedNegotiations: ExtendedNegotiation[] = [];
  for (const { type, content } of items(cursor)) {
    if (type === ROLE_SELECTION) {
      if (roleSelections.length < MAXIMUM_NEGOTIATIONS) roleSelections.push(roleSelection(content));
    } else if (type === EXTENDED_NEGOTIATION || type === COMMON_EXTENDED_NEGOTIATION) {
      const isCommon = type === COMMON_EXTENDED_NEGOTIATION;
      if (extendedNegotiations.length < MAXIMUM_NEGOTIATIONS)
        extendedNegotiations.push(extendedNegotiation(content, isCommon));
    } else user = { ...user, ...simpleItem(type, content) };
  }
  return { ...user, roleSelections, extendedNegotiations };
}

function simpleItem(type: number, content: ByteCursor): Partial<UserInformation> {
  const { bytes, offset, end } = content;
  switch (type) {
    case MAXIMUM_LENGTH:
      return { maximumPduBytes: content.uint32() };
    case IMPLEMENTATION_CLASS_UID:
      return { implementationClassUid: uid(bytes, offset, end) };
    case IMPLEMENTATION_VERSION:
      return { implementationVersion: cleanText(latin1(bytes, offset, end), VERSION_NAME_BYTES) };
    case ASYNCHRONOUS_OPERATIONS:
      return { asynchronousOperations: { invoked: content.uint16(), performed: content.uint16() } };
    case USER_IDENTITY:
      return {
        userIdentity: USER_IDENTITY_KINDS[content.uint8()] ?? 'unknown',
        isUserIdentityAnswerRequested: content.uint8() === 1,
      };
    case USER_IDENTITY_ANSWER:
      return { isUserIdentityConfirmed: true };
    default:
      return {};
  }
}

/** PS3.7 D.3.3.4: who proposes to act as user and provider of a SOP class. */
function roleSelection(content: ByteCursor): RoleSelection {
  const sopClass = sizedUid(content);
  return { sopClass, isUser: content.uint8() === 1, isProvider: content.uint8() === 1 };
}

/** PS3.7 D.3.3.5, D.3.3.6. */
function extendedNegotiation(content: ByteCursor, isCommon: boolean): ExtendedNegotiation {
  const sopClass = sizedUid(content);
  if (isCommon) return { sopClass, features: [`service class ${sizedUid(content)}`, ...relatedClasses(content)] };
  const flags = content.slice(content.remaining);
  const name = sopClassName(sopClass);
  if (/Query|Worklist|- (?:FIND|MOVE|GET)$/.test(name)) {
    return { sopClass, features: QUERY_FEATURES.filter((_, index) => flags[index] === 1) };
  }
  if (serviceClassOf(sopClass) !== 'storage') return { sopClass, features: [] };
  const [level = 255, signature = 0, coercion = 255] = flags;
  const names = [STORAGE_LEVELS[level], SIGNATURE_LEVELS[signature], coercion === 1 ? 'coercion' : undefined];
  return { sopClass, features: names.filter((feature) => feature !== undefined) };
}

/** General SOP classes whose objects those of a special one may be taken for (PS3.7 D.3.3.6.1). */
function relatedClasses(content: ByteCursor): readonly string[] {
  const list = content.nested(content.uint16());
  const names: string[] = [];
  while (list.remaining > 2 && names.length < MAXIMUM_RELATED_CLASSES) {
    names.push(`related to ${sopClassName(sizedUid(list))}`);
  }
  return names;
}

function sizedUid(content: ByteCursor): string {
  const value = content.nested(content.uint16());
  return uid(value.bytes, value.offset, value.end);
}
