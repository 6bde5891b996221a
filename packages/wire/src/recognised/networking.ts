import { hasBytes, hasText, littleWord32, word16, word32 } from '../bytes/match.ts';
import { latin1 } from '../bytes/text.ts';
import { isAt, type Signature } from '../recognition-room.ts';

/** Seconds since 1970, of 2000 to 2040. */
function isTime(seconds: number): boolean {
  return seconds > 0x386d_4380 && seconds < 0x83aa_7e80;
}

/** What networks say to each other: routing, tunnels, flow export, time and discovery. */
export const NETWORKING: readonly Signature[] = [
  {
    id: 'dnscrypt',
    title: 'DNSCrypt',
    standards: ['DNSCrypt protocol v2: resolver magic `r6fnvWj8`, query for the certificate'],
    transports: ['udp', 'tcp'],
    usualPorts: [443, 5353],
    isEncrypted: true,
    needs: 8,
    shownBy: 'either',
    // A client that looks for the certificate of its resolver asks in a DNS message, which the DNS room leaves to this one.
    matches: (bytes) =>
      hasText(bytes, 'r6fnvWj8') || hasText(bytes, 'r6fnvWj8', 2) || hasText(bytes, '\x012\x0ddnscrypt-cert', 12),
  },
  {
    id: 'bgp',
    title: 'BGP',
    standards: ['RFC 4271 §4.1 (header)'],
    transports: ['tcp'],
    usualPorts: [179],
    begins: [0xff],
    needs: 19,
    matches: (bytes) =>
      bytes.subarray(0, 16).every((byte) => byte === 0xff) &&
      word16(bytes, 16) >= 19 &&
      word16(bytes, 16) <= 4096 &&
      (bytes[18] ?? 0) >= 1 &&
      (bytes[18] ?? 9) <= 5,
  },
  {
    id: 'ldp',
    title: 'LDP',
    standards: ['RFC 5036 §3.1 (header), §3.5 (messages)'],
    transports: ['tcp', 'udp'],
    usualPorts: [646],
    begins: [0],
    needs: 18,
    matches: (bytes, view) =>
      isAt(view, 646) &&
      word16(bytes, 0) === 1 &&
      word16(bytes, 2) >= 14 &&
      [1, 0x100, 0x200, 0x201, 0x300, 0x301, 0x400, 0x401, 0x402, 0x403, 0x404].includes(word16(bytes, 10)),
  },
  {
    id: 'bfd',
    title: 'BFD',
    standards: ['RFC 5880 §4.1 (control), RFC 5881 §4 (ports)'],
    transports: ['udp'],
    usualPorts: [3784, 3785, 4784],
    needs: 12,
    matches: (bytes, { serverPort }) =>
      serverPort === 3784 || serverPort === 4784
        ? (bytes[0] ?? 0) >>> 5 === 1 && (bytes[3] ?? 0) >= 24 && (bytes[3] ?? 0) <= bytes.length
        : serverPort === 3785 && bytes.length <= 64,
  },
  {
    id: 'hsrp',
    title: 'HSRP',
    standards: ['RFC 2281 §5.1 (version 1)', 'Cisco HSRP version 2 (group state TLV)'],
    transports: ['udp'],
    usualPorts: [1985, 2029],
    begins: [0, 1],
    needs: 20,
    matches: (bytes, { serverPort }) =>
      (serverPort === 1985 || serverPort === 2029) &&
      ((bytes[0] === 0 && (bytes[1] ?? 9) <= 3 && bytes[7] === 0) || hasBytes(bytes, [0x01, 0x28, 0x02])),
  },
  {
    id: 'lisp',
    title: 'LISP',
    standards: ['RFC 9301 §5 (control messages)', 'RFC 8378 / draft-kouvelas-lisp-map-server-reliable-transport'],
    transports: ['udp', 'tcp'],
    usualPorts: [4341, 4342],
    needs: 8,
    matches: (bytes, view) =>
      isAt(view, 4342) &&
      (view.transport === 'udp'
        ? [1, 2, 3, 4, 5, 8].includes((bytes[0] ?? 0) >>> 4)
        : bytes[0] === 0 && (bytes[1] ?? 0) >= 16 && (bytes[1] ?? 99) <= 32),
  },
  {
    id: 'capwap',
    title: 'CAPWAP',
    standards: ['RFC 5415 §4.1 (preamble), §4.3 (header)'],
    transports: ['udp'],
    usualPorts: [5246, 5247],
    begins: [0, 1],
    needs: 8,
    // Version 0; type 0 is a header of two to eight words, type 1 DTLS.
    matches: (bytes, view) => {
      if (!isAt(view, 5246) && !isAt(view, 5247)) return false;
      if (bytes[0] === 1) return hasBytes(bytes, [0, 0, 0], 1) && (bytes[4] ?? 0) >= 20 && (bytes[4] ?? 0) <= 23;
      const words = (bytes[1] ?? 0) >>> 3;
      return bytes[0] === 0 && words >= 2 && words <= 8;
    },
  },
  {
    id: 'netflow',
    title: 'NetFlow and IPFIX',
    standards: ['Cisco NetFlow version 5', 'RFC 3954 §5.1 (version 9)', 'RFC 7011 §3.1 (IPFIX)'],
    transports: ['udp'],
    usualPorts: [2055, 4739, 9995, 9996],
    begins: [0],
    needs: 20,
    // IPFIX tells its length; the others tell a count that has to fit, and the time of export.
    matches: (bytes, view) => {
      const version = word16(bytes, 0);
      const count = word16(bytes, 2);
      if (version === 10)
        return (count === bytes.length || bytes.length === 512) && word16(bytes, 16) >= 2 && isTime(word32(bytes, 4));
      if (version === 9) return count >= 1 && count <= 64 && isTime(word32(bytes, 8));
      return (
        version === 5 &&
        count >= 1 &&
        count <= 30 &&
        (bytes.length === 512 || bytes.length === 24 + 48 * count) &&
        isTime(word32(bytes, 8)) &&
        view.transport === 'udp'
      );
    },
  },
  {
    id: 'sflow',
    title: 'sFlow',
    standards: ['sFlow version 5 §5 (datagram)'],
    transports: ['udp'],
    usualPorts: [6343],
    begins: [0],
    needs: 28,
    matches: (bytes) =>
      word32(bytes, 0) === 5 &&
      (word32(bytes, 4) === 1 || word32(bytes, 4) === 2) &&
      word32(bytes, word32(bytes, 4) === 1 ? 24 : 36) <= 64,
  },
  {
    id: 'pfcp',
    title: 'PFCP',
    standards: ['3GPP TS 29.244 §7.2.2 (header)'],
    transports: ['udp'],
    usualPorts: [8805],
    needs: 8,
    matches: (bytes, view) =>
      isAt(view, 8805) &&
      (bytes[0] ?? 0) >>> 5 === 1 &&
      word16(bytes, 2) + 4 <= Math.max(bytes.length, 1500) &&
      (bytes[1] ?? 0) > 0 &&
      (bytes[1] ?? 0) <= 60,
  },
  {
    id: 'nat-pmp',
    title: 'NAT-PMP and PCP',
    standards: ['RFC 6886 §3', 'RFC 6887 §7'],
    transports: ['udp'],
    usualPorts: [5350, 5351],
    begins: [0, 2],
    needs: 2,
    matches: (bytes, view) => {
      if (!isAt(view, 5351) && !isAt(view, 5350)) return false;
      const operation = (bytes[1] ?? 255) & 0x7f;
      if (bytes[0] === 0) return operation <= 2 && bytes.length <= 16;
      return bytes[0] === 2 && operation <= 2 && bytes.length >= 24 && bytes.length % 4 === 0;
    },
  },
  {
    id: 'roughtime',
    title: 'Roughtime',
    standards: ['draft-ietf-ntp-roughtime §5 (messages, tags)'],
    transports: ['udp'],
    usualPorts: [2002, 2003],
    needs: 16,
    // Count of tags, offsets, then the tags themselves: a request has a nonce and padding, an answer a signature.
    matches: (bytes) => {
      const start = hasText(bytes, 'ROUGHTIM') ? 12 : 0;
      const count = littleWord32(bytes, start);
      if (count < 2 || count > 16) return false;
      const tags = latin1(bytes, start + 4 * count, start + 8 * count);
      return /NONC|SREP/.test(tags) && /PAD|SIG|VER/.test(tags);
    },
  },
  {
    id: 'diameter',
    title: 'Diameter',
    standards: ['RFC 6733 §3 (header)'],
    transports: ['tcp'],
    usualPorts: [3868],
    begins: [1],
    needs: 20,
    matches: (bytes) => {
      const length = word32(bytes, 0) & 0xffffff;
      const command = word32(bytes, 4) & 0xffffff;
      const hasFirstAttribute = word32(bytes, 20) > 0 && word32(bytes, 20) < 0x1000;
      return (
        bytes[0] === 1 &&
        length >= 20 &&
        length % 4 === 0 &&
        length < 0x10000 &&
        ((bytes[4] ?? 0) & 0x0f) === 0 &&
        [257, 258, 271, 272, 274, 275, 280, 282, 316, 317, 318].includes(command) &&
        hasFirstAttribute
      );
    },
  },
  {
    id: 'dlep',
    title: 'DLEP',
    standards: ['RFC 8175 §11.1 (signal: `DLEP`), §11.2 (message)'],
    transports: ['tcp', 'udp'],
    usualPorts: [854],
    needs: 8,
    matches: (bytes, view) =>
      view.transport === 'udp'
        ? hasText(bytes, 'DLEP')
        : isAt(view, 854) && word16(bytes, 0) >= 1 && word16(bytes, 0) <= 16 && word16(bytes, 2) + 4 === bytes.length,
  },
  {
    id: 'flute',
    title: 'FLUTE',
    standards: ['RFC 5651 §5.1 (LCT header)', 'RFC 6726 §3 (FLUTE)'],
    transports: ['udp'],
    needs: 24,
    // The file delivery table travels as object 0 and is XML.
    matches: (bytes) =>
      ((bytes[0] ?? 0) & 0xf0) === 0x10 &&
      (bytes[2] ?? 0) >= 3 &&
      (bytes[2] ?? 99) <= 16 &&
      /<\?xml|<FDT-Instance/.test(latin1(bytes, 8, 80)),
  },
  {
    id: 'mpeg-ts',
    title: 'MPEG transport stream',
    standards: ['ISO/IEC 13818-1 §2.4.3 (packets of 188 bytes)'],
    transports: ['udp'],
    begins: [0x47],
    needs: 189,
    matches: (bytes) => bytes[0] === 0x47 && bytes[188] === 0x47 && (bytes.length < 377 || bytes[376] === 0x47),
  },
];
