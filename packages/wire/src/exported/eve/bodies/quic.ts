import type { QuicHandshakeSide } from '../../../quic/types.ts';
import { type EveBody, type EveMembers, present } from '../eve-event.ts';

/** Names of the IANA registry "TLS ExtensionType Values"; those without one here have none in the event. */
const EXTENSION_NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'server_name'],
  [1, 'max_fragment_length'],
  [5, 'status_request'],
  [10, 'supported_groups'],
  [11, 'ec_point_formats'],
  [13, 'signature_algorithms'],
  [16, 'alpn'],
  [18, 'signed_certificate_timestamp'],
  [21, 'padding'],
  [23, 'extended_master_secret'],
  [27, 'compress_certificate'],
  [28, 'record_size_limit'],
  [35, 'session_ticket'],
  [41, 'pre_shared_key'],
  [42, 'early_data'],
  [43, 'supported_versions'],
  [44, 'cookie'],
  [45, 'psk_key_exchange_modes'],
  [50, 'signature_algorithms_cert'],
  [51, 'key_share'],
  [57, 'quic_transport_parameters'],
  [65281, 'renegotiation_info'],
]);
const SERVER_NAME = 0;
const ALPN = 16;
const VERSION_NAMES: ReadonlyMap<string, string> = new Map([
  ['QUICv1', '1'],
  ['QUICv2', '2'],
]);

/** @returns a hello: who is asked for, with which fingerprints and extensions */
export function quicBody(record: QuicHandshakeSide): EveBody {
  const { version, serverName, userAgent, ja3, ja4, extensions } = record;
  const members = present({
    version: VERSION_NAMES.get(version) ?? version,
    sni: serverName,
    ua: userAgent,
    ja3: present({ hash: ja3 }),
    ja4,
    extensions: extensions.map((type) => extensionMembers(type, record)),
  });
  return { type: 'quic', members };
}

function extensionMembers(type: number, { serverName, applicationProtocols }: QuicHandshakeSide): EveMembers {
  const values = type === SERVER_NAME ? [serverName] : type === ALPN ? applicationProtocols : [];
  return present({ name: EXTENSION_NAMES.get(type), type, values: values.filter(Boolean) });
}
