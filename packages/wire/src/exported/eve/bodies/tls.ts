import type { ProtocolRecord } from '../../../protocol.ts';
import type { TlsHandshakeSide } from '../../../tls/handshake-side.ts';
import type { TlsCertificate } from '../../../tls/types.ts';
import { type EveBody, type EveMembers, present } from '../eve-event.ts';
import type { EveSession } from '../record-events.ts';

const TLS_1_3 = 0x0304;
const DRAFTS_OF_TLS_1_3 = 0x7f;
/** Drafts below 16 are not told apart. */
const FIRST_NAMED_DRAFT = 16;
const VERSIONS: ReadonlyMap<number, string> = new Map([
  [0x0002, 'SSLv2'],
  [0x0300, 'SSLv3'],
  [0x0301, 'TLSv1'],
  [0x0302, 'TLS 1.1'],
  [0x0303, 'TLS 1.2'],
  [TLS_1_3, 'TLS 1.3'],
]);

/** What both ends of a handshake have shown, told once: with the certificate, or with the hello of a server that encrypts it. */
export class TlsSession implements EveSession {
  readonly protocol = 'tls';
  readonly #sides: Partial<Record<'client' | 'server', TlsHandshakeSide>> = {};
  #isTold = false;

  add(record: ProtocolRecord): EveBody | undefined {
    if (!isHandshakeSide(record)) return undefined;
    this.#sides[record.sentBy] = record;
    const { server } = this.#sides;
    const version = server?.hello?.version ?? 0;
    const isComplete = server?.certificate !== undefined || version === TLS_1_3 || version >>> 8 === DRAFTS_OF_TLS_1_3;
    return isComplete ? this.end() : undefined;
  }

  end(): EveBody | undefined {
    const { client, server } = this.#sides;
    if (this.#isTold || (client === undefined && server === undefined)) return undefined;
    this.#isTold = true;
    const version = server?.hello?.version ?? client?.hello?.version;
    const clientCertificate =
      client?.certificate === undefined ? {} : { client: certificateMembers(client.certificate) };
    const members = {
      ...(server?.certificate === undefined ? {} : certificateMembers(server.certificate)),
      ...present({
        sni: client?.hello?.serverName,
        version: version === undefined ? undefined : versionName(version),
        ja3: present({ hash: client?.hello?.fingerprint, string: client?.hello?.fingerprintText }),
        ja3s: present({ hash: server?.hello?.fingerprint, string: server?.hello?.fingerprintText }),
        ja4: client?.hello?.ja4,
        client_alpns: client?.hello?.applicationProtocols,
        server_alpns: server?.hello?.applicationProtocols,
        server_handshake: serverHandshake(server),
      }),
      ...clientCertificate,
    };
    return { type: 'tls', members };
  }
}

function isHandshakeSide(record: ProtocolRecord): record is TlsHandshakeSide {
  return record.protocol === 'tls' && record.activity === 'handshake';
}

function serverHandshake(server: TlsHandshakeSide | undefined): EveMembers | undefined {
  const hello = server?.hello;
  if (hello === undefined) return undefined;
  return { version: versionName(hello.version), cipher: hello.cipherSuite, exts: hello.extensions };
}

function certificateMembers(certificate: TlsCertificate): EveMembers {
  const { subject, issuer, serialNumber, sha1, notBefore, notAfter, subjectAlternativeNames } = certificate;
  // A first bit that is set would be a sign: DER puts a zero before it.
  const serial = /^[89a-f]/.test(serialNumber) && serialNumber.length % 2 === 0 ? `00${serialNumber}` : serialNumber;
  return present({
    subject: nameText(subject),
    issuerdn: nameText(issuer),
    serial: pairs(serial).toUpperCase(),
    fingerprint: pairs(sha1),
    notbefore: notBefore.slice(0, 19),
    notafter: notAfter.slice(0, 19),
    subjectaltname: subjectAlternativeNames,
  });
}

/** EVE escapes nothing (RFC 4514 §2.4 does). */
function nameText(name: string): string {
  return name.replace(/(^|, )emailAddress=/g, '$1Email=').replace(/\\([^0-9A-Fa-f])/g, '$1');
}

function pairs(hexadecimal: string): string {
  return hexadecimal.match(/../g)?.join(':') ?? '';
}

function versionName(version: number): string {
  if (version >>> 8 !== DRAFTS_OF_TLS_1_3) return VERSIONS.get(version) ?? `0x${version.toString(16).padStart(4, '0')}`;
  const draft = version & 255;
  return draft < FIRST_NAMED_DRAFT ? `TLS 1.3 draft-<${FIRST_NAMED_DRAFT}` : `TLS 1.3 draft-${draft}`;
}
