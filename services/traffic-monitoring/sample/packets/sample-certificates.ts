import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

const MS_PER_DAY = 86_400_000;
const AUTHORITY = 'Sample Hospital CA (invented)';
const ORGANISATION = 'Sample Hospital';
/** Object identifiers in DER: ecdsa-with-SHA256, commonName, organizationName, subjectAltName (RFC 5758, RFC 5280). */
const ECDSA_WITH_SHA256 = '06082a8648ce3d040302';
const COMMON_NAME = '0603550403';
const ORGANISATION_NAME = '060355040a';
const SUBJECT_ALTERNATIVE_NAME = '0603551d11';
const SEQUENCE = 0x30;
const SET = 0x31;

/** DER of the certificates that servers of the sample hospital show. */
export interface SampleCertificates {
  readonly hospitalInformationSystem: Buffer;
  readonly archive: Buffer;
  /** Self-signed, and ran out 40 days before `nowMs`. */
  readonly analyser: Buffer;
  readonly internet: Buffer;
}

/** @param nowMs milliseconds since the Unix epoch; validity is relative to it */
export function createSampleCertificates(nowMs: number): SampleCertificates {
  const authority = newKeys();
  const issue = (name: string, serialNumber: number, fromDays: number, untilDays: number) => {
    const validity = { notBefore: nowMs + fromDays * MS_PER_DAY, notAfter: nowMs + untilDays * MS_PER_DAY };
    return createCertificate({ name, serialNumber, issuer: AUTHORITY, ...validity }, newKeys().publicKey, authority);
  };
  const own = newKeys();
  const analyser = 'analyser.hospital.example';
  return {
    hospitalInformationSystem: issue('his.hospital.example', 0x5a01, -90, 275),
    archive: issue('pacs.hospital.example', 0x5a02, -60, 305),
    internet: issue('remote-service.example', 0x5a04, -30, 60),
    analyser: createCertificate(
      {
        name: analyser,
        serialNumber: 0x5a03,
        issuer: analyser,
        notBefore: nowMs - 770 * MS_PER_DAY,
        notAfter: nowMs - 40 * MS_PER_DAY,
      },
      own.publicKey,
      own,
    ),
  };
}

function newKeys(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

/** X.509 version 3 (RFC 5280 §4.1). */
function createCertificate(
  fields: { name: string; serialNumber: number; issuer: string; notBefore: number; notAfter: number },
  subjectKey: KeyObject,
  signer: { privateKey: KeyObject },
): Buffer {
  const algorithm = der(SEQUENCE, Buffer.from(ECDSA_WITH_SHA256, 'hex'));
  const serialNumber = Buffer.alloc(2);
  serialNumber.writeUInt16BE(fields.serialNumber);
  const body = der(
    SEQUENCE,
    der(0xa0, Buffer.from('020102', 'hex')),
    der(0x02, serialNumber),
    algorithm,
    distinguishedName(fields.issuer),
    der(SEQUENCE, time(fields.notBefore), time(fields.notAfter)),
    distinguishedName(fields.name),
    subjectKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, alternativeName(fields.name))),
  );
  const signature = sign('sha256', body, signer.privateKey);
  return der(SEQUENCE, body, algorithm, der(0x03, Buffer.from([0]), signature));
}

function distinguishedName(commonName: string): Buffer {
  const part = (type: string, text: string) =>
    der(SET, der(SEQUENCE, Buffer.from(type, 'hex'), der(0x0c, Buffer.from(text))));
  return der(SEQUENCE, part(ORGANISATION_NAME, ORGANISATION), part(COMMON_NAME, commonName));
}

function alternativeName(name: string): Buffer {
  const names = der(SEQUENCE, der(0x82, Buffer.from(name)));
  return der(SEQUENCE, Buffer.from(SUBJECT_ALTERNATIVE_NAME, 'hex'), der(0x04, names));
}

/** RFC 5280 §4.1.2.5: UTCTime up to 2049, GeneralizedTime from 2050. */
function time(timeMs: number): Buffer {
  const text = `${new Date(timeMs).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  return new Date(timeMs).getUTCFullYear() < 2050
    ? der(0x17, Buffer.from(text.slice(2)))
    : der(0x18, Buffer.from(text));
}

/** X.690 §8.1: tag, length in the definite form, contents. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  if (length < 0x100) return Buffer.concat([Buffer.from([tag, 0x81, length]), content]);
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), content]);
}
