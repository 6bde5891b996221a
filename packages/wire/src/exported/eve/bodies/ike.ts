import type { IkeDetail, IkeEnd } from '../../../ike/conversation.ts';
import type { AssociationAttributes } from '../../../ike/security-association.ts';
import { type EveBody, type EveMembers, present } from '../eve-event.ts';
import { IKE_1_NAMES, IKE_2_NAMES } from './ike-names.ts';

/**
 * One message of a key exchange, with what both ends had said up to it. Public keys and nonces say nothing of anybody, but
 * they fill a log: they are told with content only.
 */
export function ikeBody(detail: IkeDetail, withContent: boolean): EveBody {
  const { version, minorVersion, initiatorSpi, responderSpi, exchangeType, messageId, server } = detail;
  const [chosen] = server.proposals;
  const members = {
    version_major: version,
    version_minor: minorVersion,
    init_spi: initiatorSpi,
    resp_spi: responderSpi,
    message_id: messageId,
    exchange_type: exchangeType,
    ...(chosen === undefined ? {} : version === 1 ? attributes(chosen) : algorithms(chosen)),
    ...(version === 1 ? { ikev1: version1(detail, withContent) } : version2(detail)),
  };
  return { type: 'ike', members };
}

function version1({ isEncrypted, client, server, vendors }: IkeDetail, withContent: boolean): EveMembers {
  const ends = present({ client: end(client, withContent), server: end(server, withContent), vendor_ids: vendors });
  return { encrypted_payloads: isEncrypted, ...ends };
}

function end({ keyExchange, nonce, proposals }: IkeEnd, withContent: boolean): EveMembers {
  const lengthOf = (text: string) => (text === '' ? undefined : text.length / 2);
  return present({
    ...(withContent ? { key_exchange_payload: keyExchange, nonce_payload: nonce } : {}),
    key_exchange_payload_length: lengthOf(keyExchange),
    nonce_payload_length: lengthOf(nonce),
    proposals: proposals.map(attributes),
  });
}

/** Each attribute by its name and as the number that was sent; those that are numbers have no name. */
function attributes(transform: AssociationAttributes): EveMembers {
  const members: EveMembers = {};
  for (const [name, [value = 0]] of transform) {
    members[name] = IKE_1_NAMES.get(name)?.[value] ?? 'Unknown';
    members[`${name}_raw`] = value;
  }
  return members;
}

function version2({ isFromInitiator, payloadTypes }: IkeDetail): EveMembers {
  return { role: isFromInitiator ? 'initiator' : 'responder', payload: payloadTypes.map(payloadName), ikev2: {} };
}

function algorithms(proposal: AssociationAttributes): EveMembers {
  const members: EveMembers = {};
  for (const [name, [value = 0]] of proposal) {
    if (name !== 'sa_key_length') members[name] = IKE_2_NAMES.get(name)?.[value] ?? `${value}`;
  }
  return members;
}

/** RFC 7296 §3.2. */
const PAYLOADS: Readonly<Record<number, string>> = {
  33: 'SecurityAssociation',
  34: 'KeyExchange',
  35: 'IdentInitiator',
  36: 'IdentResponder',
  37: 'Certificate',
  38: 'CertificateRequest',
  39: 'Authentication',
  40: 'Nonce',
  41: 'Notify',
  42: 'Delete',
  43: 'VendorID',
  44: 'TrafficSelectorInitiator',
  45: 'TrafficSelectorResponder',
  46: 'EncryptedAndAuthenticated',
  47: 'Configuration',
  48: 'ExtensibleAuthentication',
};

function payloadName(type: number): string {
  return PAYLOADS[type] ?? `Unknown(${type})`;
}
