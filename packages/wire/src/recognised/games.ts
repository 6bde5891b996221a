import { hasBytes, hasText, littleWord16, littleWord32, word16, word32 } from '../bytes/match.ts';
import { isAt, type Signature } from '../recognition-room.ts';

const OFFLINE_MESSAGE = [
  0x00, 0xff, 0xff, 0x00, 0xfe, 0xfe, 0xfe, 0xfe, 0xfd, 0xfd, 0xfd, 0xfd, 0x12, 0x34, 0x56, 0x78,
];

/** Games: on a hospital's network they say that somebody plays, or that a device is not what it claims. */
export const GAMES: readonly Signature[] = [
  {
    id: 'source-engine',
    title: 'Source engine (games)',
    standards: ['Valve developer wiki: Server queries (A2S)', 'Valve Source networking'],
    transports: ['udp'],
    usualPorts: [27015],
    begins: [0xff],
    needs: 9,
    // −1, then the kind of query or answer (A2S_INFO names the engine).
    matches: (bytes) =>
      hasBytes(bytes, [0xff, 0xff, 0xff, 0xff]) &&
      (hasText(bytes, 'TSource Engine Query\0', 4) ||
        ([0x55, 0x56, 0x57, 0x41].includes(bytes[4] ?? 0) && bytes.length === 9) ||
        (bytes[4] === 0x49 && bytes[5] === 0x11)),
  },
  {
    id: 'raknet',
    title: 'RakNet (games)',
    standards: ['RakNet: offline message identifier', 'Minecraft Bedrock protocol documentation'],
    transports: ['udp'],
    begins: [1, 2, 5, 6, 7, 8, 0x19, 0x1c],
    needs: 17,
    // The offline message id lies behind the kind, or behind a time stamp (ping) and an identity (pong).
    matches: (bytes) => {
      const offsets: Readonly<Record<number, number>> = { 1: 9, 2: 9, 5: 1, 6: 1, 7: 1, 8: 1, 25: 2, 28: 17 };
      const offset = offsets[bytes[0] ?? 255];
      return offset !== undefined && hasBytes(bytes, OFFLINE_MESSAGE, offset);
    },
  },
  {
    id: 'teamspeak',
    title: 'TeamSpeak 3',
    standards: ['TeamSpeak 3 protocol documentation (ReSpeak)'],
    transports: ['udp'],
    usualPorts: [9987],
    isEncrypted: true,
    begins: ['TS3INIT1', 1],
    needs: 4,
    matches: (bytes, { serverPort }) =>
      hasText(bytes, 'TS3INIT1') ||
      // The weblist server is asked for its address with a fixed word.
      (serverPort === 2010 && bytes.length === 4 && hasBytes(bytes, [0x01, 0x80, 0x84, 0x01])),
  },
  {
    id: 'worldofwarcraft',
    title: 'World of Warcraft',
    standards: ['World server greeting, as the WoWDev wiki shows it'],
    transports: ['tcp'],
    usualPorts: [3724],
    needs: 30,
    shownBy: 'either',
    matches: (bytes) => hasText(bytes, 'WORLD OF WARCRAFT CONNECTION', 2),
  },
  {
    id: 'genshinimpact',
    title: 'Genshin Impact',
    standards: ['KCP handshake of miHoYo titles: magic 0xff … 0xffffffff, and 0x145 … 0x14514545'],
    transports: ['udp'],
    usualPorts: [22101, 22102],
    begins: [0],
    needs: 20,
    matches: (bytes) =>
      bytes.length === 20 &&
      ((word32(bytes, 0) === 0xff && word32(bytes, 16) === 0xffffffff) ||
        (word32(bytes, 0) === 0x145 && word32(bytes, 16) === 0x14514545)),
  },
  {
    id: 'yojimbo',
    title: 'netcode (games)',
    standards: ['netcode 1.02 standard: connection request packet'],
    transports: ['udp'],
    isEncrypted: true,
    begins: [0],
    needs: 14,
    matches: (bytes) => bytes[0] === 0 && hasText(bytes, 'NETCODE 1.0', 1),
  },
  {
    id: 'tocaboca',
    title: 'Photon (games)',
    standards: ['Photon realtime: ENet-like connect command'],
    transports: ['udp'],
    usualPorts: [5055, 5056, 5058],
    begins: [0xff, 0],
    needs: 32,
    // Peer, checksum flag, count, sent time, challenge; then the command: connect (2) or its acknowledgement.
    matches: (bytes) =>
      (word16(bytes, 0) === 0xffff && bytes[3] === 1 && bytes[12] === 2 && word32(bytes, 16) === bytes.length - 12) ||
      (hasBytes(bytes, [0x00, 0x00, 0x00, 0x02]) && bytes[12] === 1 && word32(bytes, 16) === 20),
  },
  {
    id: 'mumble',
    title: 'Mumble',
    standards: ['Mumble protocol 1.2: UDP ping'],
    transports: ['udp'],
    usualPorts: [64738],
    begins: [0],
    needs: 12,
    matches: (bytes, view) =>
      isAt(view, 64738) &&
      ((bytes.length === 12 && word32(bytes, 0) === 0) || (bytes.length === 24 && bytes[0] === 0 && bytes[1] === 1)),
  },
  {
    id: 'gaijinentertainment',
    title: 'Gaijin Entertainment',
    standards: ['Start-up telemetry of War Thunder, as published captures show it'],
    transports: ['udp'],
    usualPorts: [20011],
    begins: ['embeddedupdater', 'app', 'circuit'],
    needs: 32,
    matches: (bytes) =>
      hasText(bytes, 'embeddedupdater.') || hasText(bytes, 'app.stage,env=') || hasText(bytes, 'circuit='),
  },
  {
    id: 'discord',
    title: 'Discord voice',
    standards: ['Discord developer documentation: voice connections, IP discovery'],
    transports: ['udp'],
    begins: [0],
    needs: 74,
    // Type 1 (request) or 2 (response), length 70, SSRC, address (64 bytes), port.
    matches: (bytes) =>
      bytes.length === 74 && word16(bytes, 2) === 70 && (word16(bytes, 0) === 1 || word16(bytes, 0) === 2),
  },
  {
    id: 'kcp',
    title: 'KCP',
    standards: ['KCP: ikcp.c, segment header (conversation, command, fragments, window, time, number, una, length)'],
    transports: ['udp'],
    needs: 24,
    // Commands 81 to 84; the length has to fill the datagram, a first acknowledgement is near its number.
    matches: (bytes) => {
      const command = bytes[4] ?? 0;
      const length = littleWord32(bytes, 20);
      if (command < 81 || command > 84 || bytes[5] !== 0 || littleWord16(bytes, 6) === 0) return false;
      const isWhole = length === bytes.length - 24 || (bytes.length === 512 && length > 488 && length < 1500);
      return (
        isWhole &&
        (command === 81) === length > 0 &&
        littleWord32(bytes, 12) < 0x10000 &&
        littleWord32(bytes, 16) < 0x10000
      );
    },
  },
];
