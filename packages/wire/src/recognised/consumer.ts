import { hasBytes, hasText, littleWord32, word16, word32 } from '../bytes/match.ts';
import { latin1 } from '../bytes/text.ts';
import { isAt, type Signature } from '../recognition-room.ts';

/** Message id (16), kind, time to live, hops, length (little endian); the whole fills the datagram (§2.2). */
function isGnutellaMessage(bytes: Uint8Array): boolean {
  if (hasText(bytes, 'GND')) return true;
  const [kind, hopsLeft = 99, hops = 99] = bytes.subarray(16, 19);
  const isKind = kind !== undefined && [0x00, 0x01, 0x02, 0x30, 0x31, 0x40, 0x80, 0x81].includes(kind);
  const isLikely = bytes.length >= 23 && isKind && hopsLeft <= 10 && hops <= 10;
  if (!isLikely) return false;
  const length = littleWord32(bytes, 19);
  // A length that fills the datagram is proof enough. Of what is cut off, only new messages are told: servents mark them
  // with byte 8 all ones and byte 15 zero (§2.1).
  const isMarked = bytes[8] === 0xff && bytes[15] === 0;
  return bytes.length < 512 ? length === bytes.length - 23 : isMarked && length < 0x10000;
}

/** Messengers, file sharing, smart homes, coins: on a hospital's network they say that a device is used otherwise than meant. */
export const CONSUMER: readonly Signature[] = [
  {
    id: 'whatsapp',
    title: 'WhatsApp',
    standards: ['Noise pipes of WhatsApp: prologue `WA`, dictionary version; `ED` for edge routing (WhiskeySockets)'],
    transports: ['tcp'],
    usualPorts: [5222, 443],
    isEncrypted: true,
    begins: ['WA', 'ED'],
    needs: 4,
    matches: (bytes) =>
      (hasText(bytes, 'WA') && [1, 2, 4, 5, 6].includes(bytes[2] ?? 0) && (bytes[3] ?? 99) <= 10) ||
      hasBytes(bytes, [0x45, 0x44, 0x00, 0x01]),
  },
  {
    id: 'telegram',
    title: 'Telegram voice',
    standards: ['Telegram reflector: peer tag of 16 bytes, then 12 bytes 0xff and a kind (tgcalls)'],
    transports: ['udp'],
    isEncrypted: true,
    needs: 32,
    matches: (bytes) =>
      bytes.length >= 32 &&
      bytes.length <= 64 &&
      word32(bytes, 16) === 0xffffffff &&
      word32(bytes, 20) === 0xffffffff &&
      word32(bytes, 24) === 0xffffffff,
  },
  {
    id: 'oicq',
    title: 'OICQ (QQ)',
    standards: ['OICQ packets, as Wireshark documents them: flag, version, command, sequence, account'],
    transports: ['udp'],
    usualPorts: [8000],
    isEncrypted: true,
    begins: [2],
    needs: 12,
    // The account follows; it is never read.
    matches: (bytes, view) =>
      bytes[0] === 0x02 && word16(bytes, 1) !== 0 && word16(bytes, 3) < 0x0200 && isAt(view, 8000),
  },
  {
    id: 'xiaomi',
    title: 'Xiaomi push',
    standards: ['MiPush slim protocol: magic 0xc2fe, version 5'],
    transports: ['tcp'],
    usualPorts: [5222],
    begins: [0xc2],
    needs: 8,
    matches: (bytes) => hasBytes(bytes, [0xc2, 0xfe, 0x00, 0x05]),
  },
  {
    id: 'gnutella',
    title: 'Gnutella',
    standards: ['Gnutella protocol 0.6 draft §2 (handshake)', 'GND, UDP extension: `GTKG`, `GND`'],
    transports: ['tcp', 'udp'],
    usualPorts: [6346],
    needs: 4,
    matches: (bytes, { transport }) =>
      hasText(bytes, 'GNUTELLA') ||
      (hasText(bytes, 'GET /') &&
        /^GET \/(?:get|uri-res)\/.*\r\nX-(?:Gnutella|Queue|Dynamic-Querying)/s.test(latin1(bytes))) ||
      (transport === 'udp' && isGnutellaMessage(bytes)),
  },
  {
    id: 'syncthing',
    title: 'Syncthing local discovery',
    standards: ['Syncthing local discovery protocol v4: magic 0x2ea7d90b'],
    transports: ['udp'],
    usualPorts: [21027],
    begins: [0x2e],
    needs: 8,
    matches: (bytes) => hasBytes(bytes, [0x2e, 0xa7, 0xd9, 0x0b]),
  },
  {
    id: 'dropbox',
    title: 'Dropbox LAN sync',
    standards: ['Dropbox LAN sync discovery: JSON on port 17500'],
    transports: ['udp'],
    usualPorts: [17500],
    begins: ['{'],
    needs: 16,
    matches: (bytes) => bytes[0] === 0x7b && /"host_int":/.test(latin1(bytes)),
  },
  {
    id: 'spotify',
    title: 'Spotify',
    standards: ['Spotify local discovery (`SpotUdp0`)', 'Spotify access point: client hello (librespot)'],
    transports: ['tcp', 'udp'],
    usualPorts: [57621, 4070],
    begins: ['SpotUdp0', 0],
    needs: 8,
    matches: (bytes, { transport }) =>
      transport === 'udp'
        ? hasText(bytes, 'SpotUdp0')
        : hasBytes(bytes, [0x00, 0x04, 0x00, 0x00]) && bytes[6] === 0x52 && bytes[7] === 0x0f,
  },
  {
    id: 'tuyalp',
    title: 'Tuya (smart home)',
    standards: ['Tuya local protocol 3.1 to 3.5: 0x000055aa … 0x0000aa55, 0x00006699 … 0x00009966'],
    transports: ['tcp', 'udp'],
    usualPorts: [6666, 6667, 6668],
    begins: [0],
    needs: 20,
    matches: (bytes) =>
      (hasBytes(bytes, [0, 0, 0x55, 0xaa]) && word32(bytes, 12) <= 4096 && word32(bytes, 8) <= 0x40) ||
      hasBytes(bytes, [0, 0, 0x66, 0x99, 0, 0]),
  },
  {
    id: 'ripeatlas',
    title: 'RIPE Atlas and measurement probes',
    standards: ['MGLNDD banner of internet-wide measurement, as honeypot operators document it'],
    transports: ['tcp', 'udp'],
    begins: ['MGLNDD_'],
    needs: 10,
    matches: (bytes) => hasText(bytes, 'MGLNDD_'),
  },
  {
    id: 'monero',
    title: 'Monero peer to peer',
    standards: ['Levin protocol: signature 0x0101010101012101 (little endian)'],
    transports: ['tcp'],
    usualPorts: [18080],
    begins: [1],
    needs: 20,
    matches: (bytes) => hasBytes(bytes, [0x01, 0x21, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01]),
  },
  {
    id: 'bitcoin',
    title: 'Bitcoin peer to peer',
    standards: ['Bitcoin developer reference: message header (start string, command)'],
    transports: ['tcp'],
    usualPorts: [8333, 18333],
    begins: [0xf9, 0x0b, 0xfa],
    needs: 16,
    matches: (bytes) =>
      [0xf9beb4d9, 0x0b110907, 0xfabfb5da, 0xf9beb4fe].includes(word32(bytes, 0)) &&
      /^[a-z2]{2,12}\0*$/.test(latin1(bytes, 4, 16)),
  },
  {
    id: 'nano',
    title: 'Nano peer to peer',
    standards: ['Nano protocol specification: header `R` and network, versions, message type'],
    transports: ['tcp', 'udp'],
    usualPorts: [7075],
    begins: ['R'],
    needs: 8,
    matches: (bytes) =>
      bytes[0] === 0x52 &&
      [0x41, 0x42, 0x43].includes(bytes[1] ?? 0) &&
      (bytes[2] ?? 0) >= 0x10 &&
      (bytes[2] ?? 99) <= 0x20 &&
      (bytes[3] ?? 0) >= 0x10 &&
      (bytes[3] ?? 99) <= 0x20 &&
      (bytes[5] ?? 99) <= 0x0f,
  },
  {
    id: 'tivoconnect',
    title: 'TiVoConnect',
    standards: ['TiVoConnect automatic machine discovery protocol 1.5.1'],
    transports: ['tcp', 'udp'],
    usualPorts: [2190],
    begins: ['T', 't'],
    needs: 12,
    matches: (bytes) => /^TiVoConnect=1/i.test(latin1(bytes, 0, 16)),
  },
  {
    id: 'ookla',
    title: 'Ookla speed test',
    standards: ['Speedtest server protocol: HI, HELLO, PING, DOWNLOAD'],
    transports: ['tcp'],
    usualPorts: [8080, 5060],
    begins: ['HI'],
    needs: 3,
    matches: (bytes) => /^(?:HI\r?\n|HI [\w-]+\r?\n|HELLO \d\.\d)/.test(latin1(bytes, 0, 64)),
  },
  {
    id: 'avast',
    title: 'Avast',
    standards: ['Avast secure line of its cloud: `NOSA`'],
    transports: ['tcp'],
    usualPorts: [80],
    begins: ['NOSA'],
    needs: 6,
    matches: (bytes) => hasText(bytes, 'NOSA') && bytes.length >= 6,
  },
  {
    id: 'alicloud',
    title: 'Alibaba Cloud agent',
    standards: ['Alibaba Cloud assistant: frame magic 0xcefabeba'],
    transports: ['tcp'],
    begins: [0xce],
    needs: 8,
    matches: (bytes) => hasBytes(bytes, [0xce, 0xfa, 0xbe, 0xba]),
  },
];
