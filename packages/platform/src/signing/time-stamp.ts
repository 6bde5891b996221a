import { constants, createHash, verify, X509Certificate } from 'node:crypto';
import { DER, type DerValue, readDer, readOid, within, writeDer, writeInteger, writeOid } from './der.ts';

/* RFC 3161, Time-Stamp Protocol; RFC 5652, Cryptographic Message Syntax; RFC 5816, ESSCertIDv2. */
const OID = {
  sha256: '2.16.840.1.101.3.4.2.1',
  signedData: '1.2.840.113549.1.7.2',
  timeStampInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  rsaPss: '1.2.840.113549.1.1.10',
} as const;
const DIGESTS: Readonly<Record<string, string>> = {
  [OID.sha256]: 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
const GRANTED = new Set([0, 1]);
const MAXIMUM_CHAIN = 8;

/** What a time stamp says, once it holds. */
export interface TimeStamp {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  /** Number that the authority gave it, hexadecimal. */
  readonly serial: string;
  /** Subject of the certificate of the authority. */
  readonly authority: string;
  /** SHA-256, hexadecimal, of that certificate. */
  readonly certificate: string;
  /** Its certificate leads to one that whoever checks brought along. */
  readonly isTrusted: boolean;
}

export type CheckedTimeStamp =
  | { readonly status: 'holds'; readonly stamp: TimeStamp }
  | { readonly status: 'fails'; readonly reason: string };

/**
 * @param digest SHA-256 of what is stamped
 * @param nonce so that an answer of another day is no answer
 * @returns TimeStampReq (RFC 3161 §2.4.1), which asks for the certificate of the authority
 */
export function timeStampRequest(digest: Uint8Array, nonce: Uint8Array): Buffer {
  const algorithm = writeDer(DER.sequence, writeOid(OID.sha256), writeDer(DER.nothing));
  const imprint = writeDer(DER.sequence, algorithm, writeDer(DER.octets, digest));
  return writeDer(
    DER.sequence,
    writeInteger(Buffer.from([1])),
    imprint,
    writeInteger(nonce),
    writeDer(DER.boolean, Buffer.from([0xff])),
  );
}

/**
 * @param answer TimeStampResp (RFC 3161 §2.4.2)
 * @returns the token in it
 * @throws Error with why the authority refused, or what is wrong with the answer
 */
export function tokenOf(answer: Uint8Array, nonce: Uint8Array): Buffer {
  const [status, token] = within(readDer(answer)?.[0]);
  const [code] = within(status);
  if (code?.tag !== DER.integer) throw new Error('the answer is no time stamp');
  if (!GRANTED.has(code.content.at(-1) ?? -1) || token === undefined) {
    throw new Error(`the authority refused with status ${code.content.at(-1)}`);
  }
  const wanted = writeInteger(nonce);
  const isAnswer = infoOf(token)?.fields.some(({ raw }) => raw.equals(wanted)) ?? false;
  if (!isAnswer) throw new Error('the answer belongs to another question');
  return Buffer.from(token.raw);
}

/**
 * Checks a token offline: it stamps this digest, one signer signed exactly this, its certificate is enclosed, named in the signature and
 * made for time stamping alone, and was valid then. Never throws.
 *
 * @param token ContentInfo with SignedData
 * @param digest SHA-256 of what is stamped
 * @param anchors certificates that whoever checks trusts; none: the authority is told, not trusted
 */
export function checkTimeStamp(
  token: Uint8Array,
  digest: Uint8Array,
  anchors: readonly X509Certificate[] = [],
): CheckedTimeStamp {
  try {
    return check(token, Buffer.from(digest), anchors);
  } catch (error) {
    return { status: 'fails', reason: `it cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function check(token: Uint8Array, digest: Buffer, anchors: readonly X509Certificate[]): CheckedTimeStamp {
  const fails = (reason: string): CheckedTimeStamp => ({ status: 'fails', reason });
  const values = readDer(token);
  const info = values?.length === 1 ? infoOf(values[0]) : undefined;
  if (info === undefined) return fails('it is no time stamp of RFC 3161');
  const [algorithm, imprint] = within(info.fields[2]);
  if (readOid(within(algorithm)[0]) !== OID.sha256 || imprint?.content.equals(digest) !== true) {
    return fails('it is of something else');
  }
  const time = timeOf(info.fields[4]);
  if (time === undefined) return fails('it tells no time');
  const [signer, ...more] = info.signers;
  if (signer === undefined || more.length > 0) return fails('it does not have exactly one signer');
  const signed = signatureOf(signer);
  if (signed === undefined) return fails('its signature cannot be read');
  const certificate = info.certificates.find((each) => isNamedBy(signed.attributes, each));
  if (certificate === undefined) return fails('the certificate that its signature names is not enclosed');
  if (!isForTimeStamping(certificate)) return fails('its certificate is not made for time stamping alone');
  if (time < certificate.validFromDate.getTime() || time > certificate.validToDate.getTime()) {
    return fails('its certificate was not valid at that time');
  }
  const own = createHash(signed.digest).update(info.content).digest();
  const isOfContent =
    attributeOf(signed.attributes, OID.messageDigest)?.content.equals(own) === true &&
    readOid(attributeOf(signed.attributes, OID.contentType)) === OID.timeStampInfo;
  // RFC 5652 §5.4: what is signed is the set as such, not as it is tagged in the message.
  const bytes = Buffer.concat([Buffer.from([DER.set]), signed.attributes.raw.subarray(1)]);
  const padding = signed.algorithm === OID.rsaPss ? { padding: constants.RSA_PKCS1_PSS_PADDING } : {};
  const isSigned = verify(signed.digest, bytes, { key: certificate.publicKey, ...padding }, signed.signature);
  if (!isOfContent || !isSigned) return fails('its signature does not hold');
  return {
    status: 'holds',
    stamp: {
      time,
      serial: info.fields[3]?.content.toString('hex') ?? '',
      authority: certificate.subject.replaceAll('\n', ', '),
      certificate: createHash('sha256').update(certificate.raw).digest('hex'),
      isTrusted: leadsTo(certificate, info.certificates, anchors, time),
    },
  };
}

interface TokenParts {
  /** TSTInfo, as it was signed, and its fields. */
  readonly content: Buffer;
  readonly fields: readonly DerValue[];
  readonly certificates: readonly X509Certificate[];
  readonly signers: readonly DerValue[];
}

function infoOf(token: DerValue | undefined): TokenParts | undefined {
  const [type, wrapped] = within(token);
  if (readOid(type) !== OID.signedData) return undefined;
  const [, , encapsulated, ...rest] = within(within(wrapped)[0]);
  const [contentType, octets] = within(encapsulated);
  const content = within(octets)[0]?.content;
  if (readOid(contentType) !== OID.timeStampInfo || content === undefined) return undefined;
  const enclosed = rest.find(({ tag }) => tag === 0xa0);
  const certificates = within(enclosed).flatMap(({ tag, raw }) =>
    tag === DER.sequence ? new X509Certificate(raw) : [],
  );
  const signers = within(rest.find(({ tag }) => tag === DER.set));
  return { content, fields: within(readDer(content)?.[0]), certificates, signers };
}

function signatureOf(signer: DerValue) {
  const [, , digestAlgorithm, attributes, algorithm, signature] = within(signer);
  const digest = DIGESTS[readOid(within(digestAlgorithm)[0])];
  if (digest === undefined || attributes?.tag !== 0xa0 || signature?.tag !== DER.octets) return undefined;
  return { digest, attributes, algorithm: readOid(within(algorithm)[0]), signature: signature.content };
}

/** @returns the only value of an attribute */
function attributeOf(attributes: DerValue, oid: string): DerValue | undefined {
  for (const attribute of within(attributes)) {
    const [type, values] = within(attribute);
    if (readOid(type) === oid) return within(values)[0];
  }
  return undefined;
}

/** The signature names its certificate by hash, so that none can be put in its place (RFC 5035). */
function isNamedBy(attributes: DerValue, certificate: X509Certificate): boolean {
  const second = within(within(within(attributeOf(attributes, OID.signingCertificateV2))[0])[0]);
  if (second.length > 0) {
    const named = second.find(({ tag }) => tag === DER.octets)?.content;
    const algorithm = second[0]?.tag === DER.sequence ? readOid(within(second[0])[0]) : OID.sha256;
    const digest = DIGESTS[algorithm];
    return (
      digest !== undefined &&
      createHash(digest)
        .update(certificate.raw)
        .digest()
        .equals(named ?? Buffer.alloc(0))
    );
  }
  const [first] = within(within(within(attributeOf(attributes, OID.signingCertificate))[0])[0]);
  return first !== undefined && createHash('sha1').update(certificate.raw).digest().equals(first.content);
}

/** RFC 3161 §2.3. */
function isForTimeStamping(certificate: X509Certificate): boolean {
  const uses: readonly string[] = certificate.keyUsage ?? [];
  return uses.length === 1 && uses[0] === OID.timeStamping;
}

function leadsTo(
  certificate: X509Certificate,
  enclosed: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
  time: number,
): boolean {
  let current = certificate;
  for (let steps = 0; steps < MAXIMUM_CHAIN; steps++) {
    if (anchors.some(({ raw }) => raw.equals(current.raw))) return true;
    const issuer = [...anchors, ...enclosed].find(
      (each) =>
        each.ca &&
        current.checkIssued(each) &&
        current.verify(each.publicKey) &&
        time >= each.validFromDate.getTime() &&
        time <= each.validToDate.getTime(),
    );
    if (issuer === undefined || issuer.raw.equals(current.raw)) return false;
    current = issuer;
  }
  return false;
}

/** GeneralizedTime, always UTC (RFC 3161 §2.4.2). */
function timeOf(value: DerValue | undefined): number | undefined {
  if (value?.tag !== DER.generalizedTime) return undefined;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/.exec(value.content.toString('latin1'));
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction] = parts;
  const whole = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return whole + Math.floor(Number(`0${fraction ?? ''}`) * 1000);
}
