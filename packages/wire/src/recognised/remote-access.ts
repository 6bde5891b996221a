import { hasBytes, hasText, littleWord32, word16, word32 } from '../bytes/match.ts';
import { latin1 } from '../bytes/text.ts';
import { isAt, type Signature } from '../recognition-room.ts';

/** Telephony, remote help and old services of single hosts. */
export const REMOTE_ACCESS: readonly Signature[] = [
  {
    id: 'h323',
    title: 'H.323',
    standards: ['ITU-T H.225.0 §7 (call signalling over TPKT, RAS)', 'ITU-T Q.931 §4'],
    transports: ['tcp', 'udp'],
    usualPorts: [1719, 1720],
    needs: 8,
    matches: (bytes, view) => {
      if (view.transport === 'tcp')
        return hasBytes(bytes, [3, 0]) && bytes[4] === 8 && (bytes[5] ?? 9) <= 2 && word16(bytes, 2) <= 4096;
      return isAt(view, 1719) && hasBytes(bytes, [0x06, 0x00, 0x08, 0x91, 0x4a], bytes[0] === 0x12 ? 3 : 4);
    },
  },
  {
    id: 'mgcp',
    title: 'MGCP',
    standards: ['RFC 3435 §3.2 (commands)'],
    transports: ['udp'],
    usualPorts: [2427, 2727],
    needs: 10,
    matches: (bytes) =>
      /^(?:EPCF|CRCX|MDCX|DLCX|RQNT|NTFY|AUEP|AUCX|RSIP) \d{1,9} \S+ MGCP \d/i.test(latin1(bytes, 0, 160)),
  },
  {
    id: 'skinny',
    title: 'Skinny (SCCP)',
    standards: ['Cisco Skinny client control protocol, as Wireshark documents it: length, header version, message'],
    transports: ['tcp'],
    usualPorts: [2000],
    needs: 12,
    matches: (bytes, view) => {
      const version = littleWord32(bytes, 4);
      const isVersion = version === 0 || (version >= 0x0a && version <= 0x16);
      return (
        isAt(view, 2000) &&
        littleWord32(bytes, 0) >= 4 &&
        littleWord32(bytes, 0) < 4096 &&
        isVersion &&
        littleWord32(bytes, 8) < 0x0200
      );
    },
  },
  {
    id: 'bfcp',
    title: 'BFCP',
    standards: ['RFC 8855 §5.1 (common header)'],
    transports: ['tcp', 'udp'],
    usualPorts: [5070],
    needs: 12,
    matches: (bytes) => {
      const version = (bytes[0] ?? 0) >>> 5;
      const words = word16(bytes, 2);
      return (
        (version === 1 || version === 2) &&
        ((bytes[0] ?? 0) & 0x07) === 0 &&
        (bytes[1] ?? 0) >= 1 &&
        (bytes[1] ?? 99) <= 18 &&
        bytes.length === 12 + words * 4 &&
        word32(bytes, 4) > 0 &&
        word32(bytes, 4) < 0x0100_0000
      );
    },
  },
  {
    id: 'smpp',
    title: 'SMPP',
    standards: ['SMPP 3.4 §3.2 (header), §5.1.2.1 (commands)'],
    transports: ['tcp'],
    usualPorts: [2775],
    begins: [0],
    needs: 16,
    // A session begins with a bind; its status is zero in requests.
    matches: (bytes) => {
      const command = word32(bytes, 4);
      const isBind = command === 1 || command === 2 || command === 9 || command === 0x0b;
      return (
        isBind &&
        word32(bytes, 8) === 0 &&
        word32(bytes, 0) === bytes.length &&
        bytes.length >= 20 &&
        bytes.length < 128 &&
        /^[ -~]{1,15}\0[ -~]{0,8}\0/.test(latin1(bytes, 16))
      );
    },
  },
  {
    id: 'rsh',
    title: 'Remote shell',
    standards: ['BSD rcmd(3): port of standard error, users, command; each ended by zero'],
    transports: ['tcp'],
    usualPorts: [514],
    begins: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    needs: 5,
    matches: (bytes, view) => isAt(view, 514) && !view.isFromServer && /^\d{1,5}\0/.test(latin1(bytes, 0, 8)),
  },
  {
    id: 'nntp',
    title: 'NNTP (Usenet)',
    standards: ['RFC 3977 §5.1 (greeting)'],
    transports: ['tcp'],
    usualPorts: [119, 563],
    needs: 12,
    shownBy: 'either',
    matches: (bytes, view) =>
      /^20[01] [^\r\n]*(?:NNTP|InterNetNews|INN )/i.test(latin1(bytes, 0, 200)) ||
      (isAt(view, 119) && /^20[01] /.test(latin1(bytes, 0, 4))),
  },
  {
    id: 'radmin',
    title: 'Radmin',
    standards: ['Radmin 3 first packets, as service scanners document them'],
    transports: ['tcp'],
    usualPorts: [4899],
    begins: [1],
    needs: 10,
    matches: (bytes) =>
      hasBytes(bytes, [0x01, 0x00, 0x00, 0x00]) &&
      word16(bytes, 4) < 64 &&
      bytes.length === (word32(bytes, 3) % 0x100) + 9 &&
      (bytes[8] === 0x08 || bytes[8] === 0x27),
  },
  {
    id: 'nomachine',
    title: 'NoMachine NX',
    standards: ['NX: version strings NXSH-, NXD-'],
    transports: ['tcp'],
    usualPorts: [4000],
    needs: 8,
    shownBy: 'either',
    matches: (bytes) => /^NX(?:SH|D)-\d+\.\d+/.test(latin1(bytes, 0, 12)),
  },
  {
    id: 'whois',
    title: 'WHOIS',
    standards: ['RFC 3912 §2'],
    transports: ['tcp'],
    usualPorts: [43],
    needs: 4,
    matches: (bytes, { serverPort, isFromServer }) =>
      serverPort === 43 && !isFromServer && /^[ -~]{2,253}\r\n$/.test(latin1(bytes)),
  },
  {
    id: 'teamviewer',
    title: 'TeamViewer',
    standards: ['TeamViewer packets 0x1724 (commands) and 0x1130, as reverse engineering papers give them'],
    transports: ['tcp', 'udp'],
    usualPorts: [5938],
    isEncrypted: true,
    begins: [0x17, 0x11, 0],
    needs: 13,
    matches: (bytes, { transport }) =>
      transport === 'tcp'
        ? (hasBytes(bytes, [0x17, 0x24]) && [0x0a, 0x0b, 0x0e, 0x10, 0x28, 0x3c].includes(bytes[2] ?? 0)) ||
          hasBytes(bytes, [0x11, 0x30, 0x36, 0x00])
        : bytes[0] === 0 && hasBytes(bytes, [0x17, 0x24], 11),
  },
  {
    id: 'anydesk',
    title: 'AnyDesk',
    standards: ['AnyDesk discovery: multicast 239.255.102.18, ports 50001 to 50003'],
    transports: ['udp'],
    usualPorts: [50001, 50002, 50003],
    begins: [0x3e],
    needs: 8,
    matches: (bytes, { serverPort }) =>
      serverPort >= 50001 && serverPort <= 50003 && hasBytes(bytes, [0x3e, 0xd1, 0x01]),
  },
  {
    id: 'softether',
    title: 'SoftEther VPN',
    standards: ['SoftEther: NAT traversal server (`IP=…,PORT=…`) and its packed values (`opcode`, `get_token`)'],
    transports: ['udp'],
    usualPorts: [5004],
    needs: 20,
    matches: (bytes) => /^IP=[\d.]{7,15},PORT=\d{1,5}$/.test(latin1(bytes)) || hasText(bytes, '\0\0\0\x07opcode\0', 4),
  },
  {
    id: 'zerotier',
    title: 'ZeroTier',
    standards: ['ZeroTier protocol: packet id, destination, source (5 bytes), flags, MAC, verb (HELLO is 1)'],
    transports: ['udp'],
    usualPorts: [9993],
    isEncrypted: true,
    needs: 40,
    // HELLO is sent in clear: protocol version 4 to 13, then the version of the program.
    matches: (bytes, view) =>
      isAt(view, 9993) &&
      ((bytes[18] ?? 0) & 0x38) === 0 &&
      ((bytes[27] ?? 0) & 0x1f) === 1 &&
      (bytes[28] ?? 0) >= 4 &&
      (bytes[28] ?? 99) <= 13,
  },
  {
    id: 'tailscale',
    title: 'Tailscale discovery',
    standards: ['Tailscale disco messages: magic `TS💬`, sender key, nonce'],
    transports: ['udp'],
    usualPorts: [41641],
    isEncrypted: true,
    begins: ['TS'],
    needs: 62,
    matches: (bytes) => hasBytes(bytes, [0x54, 0x53, 0xf0, 0x9f, 0x92, 0xac]),
  },
];
