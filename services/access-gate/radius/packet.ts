import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Codes of packets (RFC 2865 §3, RFC 5997 §4). */
export const CODES = {
  accessRequest: 1,
  accessAccept: 2,
  accessReject: 3,
  accessChallenge: 11,
  statusServer: 12,
} as const;

/** Types of attributes (RFC 2865 §5, RFC 2868 §3, RFC 2869 §5.14). */
export const ATTRIBUTES = {
  userName: 1,
  serviceType: 6,
  replyMessage: 18,
  vendorSpecific: 26,
  callingStationId: 31,
  nasIdentifier: 32,
  proxyState: 33,
  tunnelType: 64,
  tunnelMediumType: 65,
  eapMessage: 79,
  messageAuthenticator: 80,
  tunnelPrivateGroupId: 81,
} as const;

/** Service-Type Call Check: the switch asks for a device by its address (RFC 3580 §3.6 and use of MAC authentication bypass). */
export const CALL_CHECK = 10;
/** Tunnel-Type VLAN (RFC 3580 §3.31) and Tunnel-Medium-Type IEEE-802 (RFC 2868 §3.2). */
const TUNNEL_TYPE_VLAN = 13;
const TUNNEL_MEDIUM_802 = 6;

const HEADER_BYTES = 20;
/** RFC 2865 §3. */
const MAXIMUM_BYTES = 4096;

export interface Attribute {
  readonly type: number;
  readonly value: Uint8Array;
}

export interface RadiusPacket {
  readonly code: number;
  readonly identifier: number;
  /** 16 bytes. */
  readonly authenticator: Uint8Array;
  readonly attributes: readonly Attribute[];
  /** The bytes of the packet itself, without padding of the datagram. */
  readonly bytes: Uint8Array;
}

/** Reads a datagram (RFC 2865 §3). Never throws. @returns undefined for what is no RADIUS packet */
export function readPacket(datagram: Uint8Array): RadiusPacket | undefined {
  if (datagram.length < HEADER_BYTES) return undefined;
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  const length = view.getUint16(2);
  if (length < HEADER_BYTES || length > MAXIMUM_BYTES || length > datagram.length) return undefined;
  const attributes: Attribute[] = [];
  let at = HEADER_BYTES;
  while (at < length) {
    const size = at + 1 < length ? view.getUint8(at + 1) : 0;
    if (size < 2 || at + size > length) return undefined;
    attributes.push({ type: view.getUint8(at), value: datagram.subarray(at + 2, at + size) });
    at += size;
  }
  return {
    code: view.getUint8(0),
    identifier: view.getUint8(1),
    authenticator: datagram.subarray(4, HEADER_BYTES),
    attributes,
    bytes: datagram.subarray(0, length),
  };
}

/** @returns the first attribute of a type as text; undefined where there is none */
export function textOf({ attributes }: RadiusPacket, type: number): string | undefined {
  const found = attributes.find((attribute) => attribute.type === type);
  return found === undefined ? undefined : Buffer.from(found.value).toString('utf8');
}

/** @returns the first attribute of a type as a number of four bytes; undefined where there is none */
export function numberOf({ attributes }: RadiusPacket, type: number): number | undefined {
  const found = attributes.find((attribute) => attribute.type === type);
  return found?.value.length === 4 ? Buffer.from(found.value).readUInt32BE() : undefined;
}

/**
 * Whether a request carries exactly one Message-Authenticator and it fits (RFC 2869 §5.14): HMAC-MD5 over the packet with the
 * attribute set to zero. Without it nobody knows who asks, and answers can be forged (BlastRADIUS, CVE-2024-3596).
 */
export function isAuthentic({ bytes, attributes }: RadiusPacket, secret: Uint8Array): boolean {
  return isSigned(Buffer.from(bytes), bytes, attributes, secret);
}

/**
 * Whether an answer is to a request of ours: its Response Authenticator (RFC 2865 §3) and exactly one Message-Authenticator
 * (RFC 2869 §5.14, with the authenticator of the request in its place) fit.
 *
 * @param authenticator of the request
 */
export function isAuthenticAnswer(answer: RadiusPacket, authenticator: Uint8Array, secret: Uint8Array): boolean {
  const copy = Buffer.from(answer.bytes);
  copy.set(authenticator, 4);
  const expected = createHash('md5').update(copy).update(secret).digest();
  return timingSafeEqual(expected, answer.authenticator) && isSigned(copy, answer.bytes, answer.attributes, secret);
}

/** @param copy of the bytes, which is changed */
function isSigned(copy: Buffer, bytes: Uint8Array, attributes: readonly Attribute[], secret: Uint8Array): boolean {
  const found = attributes.filter(({ type }) => type === ATTRIBUTES.messageAuthenticator);
  const [given] = found;
  if (found.length !== 1 || given?.value.length !== 16) return false;
  const offset = given.value.byteOffset - bytes.byteOffset;
  copy.fill(0, offset, offset + 16);
  return timingSafeEqual(createHmac('md5', secret).update(copy).digest(), given.value);
}

/** @returns an Access-Request; its Message-Authenticator stands first, whatever was among the attributes */
export function buildRequest(options: {
  identifier: number;
  authenticator: Uint8Array;
  attributes: readonly Attribute[];
  secret: Uint8Array;
}): Buffer {
  const { identifier, authenticator, attributes, secret } = options;
  const others = attributes.filter(({ type }) => type !== ATTRIBUTES.messageAuthenticator);
  return signed({ code: CODES.accessRequest, identifier, authenticator, attributes: others, secret });
}

/** A packet with the Message-Authenticator first (CVE-2024-3596), which is over the authenticator that is given. */
function signed(options: {
  code: number;
  identifier: number;
  authenticator: Uint8Array;
  attributes: readonly Attribute[];
  secret: Uint8Array;
}): Buffer {
  const { code, identifier, authenticator, attributes, secret } = options;
  const all = [{ type: ATTRIBUTES.messageAuthenticator, value: new Uint8Array(16) }, ...attributes];
  const body = all.map(({ type, value }) => Buffer.concat([Buffer.from([type, value.length + 2]), value]));
  const packet = Buffer.concat([Buffer.alloc(HEADER_BYTES), ...body]);
  packet[0] = code;
  packet[1] = identifier;
  packet.writeUInt16BE(packet.length, 2);
  packet.set(authenticator, 4);
  packet.set(createHmac('md5', secret).update(packet).digest(), HEADER_BYTES + 2);
  return packet;
}

/**
 * Builds an answer. The Message-Authenticator stands first, as CVE-2024-3596 asks for; Proxy-State is sent back as it came
 * (RFC 2865 §5.33).
 *
 * @param vlan number or name; empty: none is assigned
 * @param passed attributes of another server that go along; a VLAN of this one wins over theirs
 */
export function buildAnswer(options: {
  request: RadiusPacket;
  code: number;
  secret: Uint8Array;
  vlan: string;
  message: string;
  passed?: readonly Attribute[];
}): Buffer {
  const { request, code, secret, vlan, message, passed = [] } = options;
  const attributes: Attribute[] = [
    ...(message === '' ? [] : [{ type: ATTRIBUTES.replyMessage, value: Buffer.from(message).subarray(0, 253) }]),
    ...(vlan === '' ? [] : vlanAttributes(vlan)),
    ...(vlan === '' ? passed : passed.filter(({ type }) => !TUNNEL.includes(type))),
    ...request.attributes.filter(({ type }) => type === ATTRIBUTES.proxyState),
  ];
  const { identifier, authenticator } = request;
  const packet = signed({ code, identifier, authenticator, attributes, secret });
  packet.set(createHash('md5').update(packet).update(secret).digest(), 4);
  return packet;
}

const TUNNEL: readonly number[] = [ATTRIBUTES.tunnelType, ATTRIBUTES.tunnelMediumType, ATTRIBUTES.tunnelPrivateGroupId];

/** EAP-Failure to the packet of EAP that a request carries (RFC 3748 §4.2); nothing where it carries none. */
export function eapFailureTo({ attributes }: RadiusPacket): readonly Attribute[] {
  const EAP_FAILURE = 4;
  const eap = attributes.find(({ type }) => type === ATTRIBUTES.eapMessage);
  return eap === undefined
    ? []
    : [{ type: ATTRIBUTES.eapMessage, value: Buffer.from([EAP_FAILURE, eap.value[1] ?? 0, 0, 4]) }];
}

/** RFC 3580 §3.31: the three attributes carry no tag here, as the switch needs no more than one tunnel. */
function vlanAttributes(vlan: string): Attribute[] {
  return [
    { type: ATTRIBUTES.tunnelType, value: Buffer.from([0, 0, 0, TUNNEL_TYPE_VLAN]) },
    { type: ATTRIBUTES.tunnelMediumType, value: Buffer.from([0, 0, 0, TUNNEL_MEDIUM_802]) },
    { type: ATTRIBUTES.tunnelPrivateGroupId, value: Buffer.from(vlan) },
  ];
}

/** Hardware address in the ways in which switches write it. @returns in lower case with colons; undefined for none */
export function macOf(text: string | undefined): string | undefined {
  const digits = text?.trim().replace(/[:.-]/g, '').toLowerCase();
  if (digits === undefined || !/^[0-9a-f]{12}$/.test(digits)) return undefined;
  return digits.replace(/(..)(?=.)/g, '$1:');
}
