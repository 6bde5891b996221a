import { hasBytes, hasText, littleWord32, word16, word32 } from '../bytes/match.ts';
import { latin1 } from '../bytes/text.ts';
import { isAt, type Signature } from '../recognition-room.ts';

/** Servers and what speaks between them: queues, storage, clusters, remote calls. */
export const SERVERS: readonly Signature[] = [
  {
    id: 'git',
    title: 'Git',
    standards: ['gitprotocol-pack: git transport'],
    transports: ['tcp'],
    usualPorts: [9418],
    begins: ['0'],
    needs: 12,
    matches: (bytes) => /^[0-9a-f]{4}git-(?:upload-pack|receive-pack|upload-archive) /.test(latin1(bytes, 0, 40)),
  },
  {
    id: 'kafka',
    title: 'Kafka',
    standards: ['Apache Kafka protocol guide: request header (length, key, version, correlation, client id)'],
    transports: ['tcp'],
    usualPorts: [9092],
    begins: [0],
    needs: 14,
    matches: (bytes, view) => {
      const length = word32(bytes, 0);
      const nameLength = word16(bytes, 12);
      const isHeader =
        length >= 10 &&
        length < 0x0100_0000 &&
        word16(bytes, 4) <= 80 &&
        word16(bytes, 6) <= 20 &&
        word16(bytes, 8) === 0;
      if (!isHeader || view.isFromServer) return false;
      const name = latin1(bytes, 14, 14 + nameLength);
      return (
        nameLength > 0 &&
        nameLength < 128 &&
        name.length === nameLength &&
        /^[\w.-]+$/.test(name) &&
        nameLength + 10 <= length
      );
    },
  },
  {
    id: 'nats',
    title: 'NATS',
    standards: ['NATS client protocol: INFO, CONNECT'],
    transports: ['tcp'],
    usualPorts: [4222],
    begins: ['INFO', 'CONNECT'],
    needs: 10,
    matches: (bytes) => /^(?:INFO \{"server_|CONNECT \{")/.test(latin1(bytes, 0, 40)),
  },
  {
    id: 'stomp',
    title: 'STOMP',
    standards: ['STOMP 1.2: CONNECT, STOMP and CONNECTED frames'],
    transports: ['tcp'],
    usualPorts: [61613],
    begins: ['STOMP', 'CONNECT'],
    needs: 8,
    matches: (bytes) =>
      /^(?:STOMP|CONNECT|CONNECTED)\r?\n(?:[\w-]+:[^\n]*\n)*(?:accept-version|version|login|host|passcode):/.test(
        latin1(bytes),
      ),
  },
  {
    id: 'openwire',
    title: 'OpenWire (ActiveMQ)',
    standards: ['ActiveMQ OpenWire 2: WireFormatInfo'],
    transports: ['tcp'],
    usualPorts: [61616],
    begins: [0],
    needs: 13,
    matches: (bytes) => bytes[4] === 1 && hasText(bytes, 'ActiveMQ', 5),
  },
  {
    id: 'zeromq',
    title: 'ZeroMQ',
    standards: ['ZMTP 3.1 (RFC 37) §greeting'],
    transports: ['tcp'],
    begins: [0xff],
    needs: 10,
    matches: (bytes) => bytes[0] === 0xff && bytes[9] === 0x7f && bytes.subarray(1, 8).every((byte) => byte === 0),
  },
  {
    id: 'thrift',
    title: 'Thrift',
    standards: ['Apache Thrift binary protocol §Message, compact protocol §Message'],
    transports: ['tcp', 'udp'],
    begins: [0x80, 0x82, 0],
    needs: 12,
    matches: (bytes) => {
      const start =
        word16(bytes, 0) === 0x8001 ? 0 : word16(bytes, 4) === 0x8001 && word32(bytes, 0) < 0x0100_0000 ? 4 : -1;
      if (start >= 0) {
        const length = word32(bytes, start + 4);
        return (
          bytes[start + 2] === 0 &&
          (bytes[start + 3] ?? 9) <= 4 &&
          length > 0 &&
          length < 128 &&
          /^[A-Za-z_][\w.:]*$/.test(latin1(bytes, start + 8, start + 8 + Math.min(length, 100)))
        );
      }
      const isCompact = bytes[0] === 0x82 && [0x21, 0x41, 0x61, 0x81].includes(bytes[1] ?? 0);
      const name = isCompact ? /^[A-Za-z]\w{2,63}/.exec(latin1(bytes, 5, 80))?.[0] : undefined;
      return name !== undefined && name.length >= (bytes[4] ?? 255);
    },
  },
  {
    id: 'gearman',
    title: 'Gearman',
    standards: ['Gearman protocol: binary packet (`\\0REQ`, `\\0RES`)'],
    transports: ['tcp'],
    usualPorts: [4730],
    begins: [0],
    needs: 12,
    matches: (bytes) => (hasText(bytes, '\0REQ') || hasText(bytes, '\0RES')) && word32(bytes, 4) <= 64,
  },
  {
    id: 'ceph',
    title: 'Ceph',
    standards: ['Ceph network protocol: banner'],
    transports: ['tcp'],
    usualPorts: [3300, 6789],
    begins: ['ceph'],
    needs: 9,
    matches: (bytes) => /^ceph v(?:\d{3}|2\n)/.test(latin1(bytes, 0, 9)),
  },
  {
    id: 'lustre',
    title: 'Lustre',
    standards: ['Lustre LNet: socklnd acceptor (0xacce7100) and messages (0xc0 to 0xc1)'],
    transports: ['tcp'],
    usualPorts: [988],
    begins: [0, 0x63, 0xc0, 0xc1],
    needs: 16,
    matches: (bytes, view) =>
      littleWord32(bytes, 0) === 0xacce7100 ||
      hasBytes(bytes, [0x00, 0x71, 0xce, 0xac]) ||
      (isAt(view, 988) &&
        (hasText(bytes, 'cirE') || ((bytes[0] === 0xc0 || bytes[0] === 0xc1) && hasBytes(bytes, [0, 0, 0], 1)))),
  },
  {
    id: 'munin',
    title: 'Munin',
    standards: ['Munin node protocol: greeting'],
    transports: ['tcp'],
    usualPorts: [4949],
    needs: 13,
    shownBy: 'either',
    matches: (bytes) => hasText(bytes, '# munin node at ') || hasText(bytes, '# munin node'),
  },
  {
    id: 'rx',
    title: 'Rx (AFS)',
    standards: ['Rx protocol specification (AFS): packet header'],
    transports: ['udp'],
    usualPorts: [7000, 7001, 7002, 7003],
    needs: 28,
    matches: (bytes, { serverPort, clientPort }) => {
      const isAfs = [serverPort, clientPort].some((port) => port >= 7000 && port <= 7032);
      const type = bytes[20] ?? 0;
      return (
        isAfs &&
        type >= 1 &&
        type <= 13 &&
        (bytes[23] ?? 9) <= 4 &&
        word32(bytes, 12) <= 0x10000 &&
        ((bytes[21] ?? 0) & 0xc0) === 0
      );
    },
  },
  {
    id: 'jrmi',
    title: 'Java RMI',
    standards: ['Java RMI specification §10.2 (wire protocol)'],
    transports: ['tcp'],
    usualPorts: [1099],
    begins: ['JRMI'],
    needs: 7,
    matches: (bytes) => hasText(bytes, 'JRMI') && word16(bytes, 4) <= 2 && [0x4b, 0x4c, 0x4d].includes(bytes[6] ?? 0),
  },
  {
    id: 'ajp',
    title: 'AJP',
    standards: ['Apache Tomcat AJP 1.3: packet headers'],
    transports: ['tcp'],
    usualPorts: [8009],
    begins: [0x12, 'AB'],
    needs: 5,
    matches: (bytes, view) =>
      view.isFromServer
        ? hasText(bytes, 'AB') && isAt(view, 8009) && (bytes[4] ?? 0) >= 3 && (bytes[4] ?? 0) <= 9
        : hasBytes(bytes, [0x12, 0x34]) && [2, 7, 8, 10].includes(bytes[4] ?? 0),
  },
  {
    id: 'haproxy',
    title: 'PROXY protocol',
    standards: ['HAProxy PROXY protocol §2.1, §2.2'],
    transports: ['tcp'],
    begins: ['PROXY', 0x0d],
    needs: 12,
    matches: (bytes) =>
      /^PROXY (?:TCP[46]|UNKNOWN)/.test(latin1(bytes, 0, 14)) ||
      hasBytes(bytes, [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]),
  },
  {
    id: 'json-rpc',
    title: 'JSON-RPC',
    standards: ['JSON-RPC 2.0 §4'],
    transports: ['tcp'],
    begins: ['{', '[', ' ', '\n'],
    needs: 24,
    matches: (bytes) => {
      const text = latin1(bytes);
      const isRequest = /^\s*[[{].*"jsonrpc"\s*:\s*"2\.0"/s.test(text);
      // Miners speak it too; Stratum has its own room.
      return isRequest && !/"worker"|"method"\s*:\s*"(?:mining\.|eth_|login|submit)/.test(text);
    },
  },
  {
    id: 'fix',
    title: 'FIX (trading)',
    standards: ['FIX session layer: begin string, body length, message type'],
    transports: ['tcp'],
    begins: ['8=FIX'],
    needs: 8,
    // Fields end with SOH.
    matches: (bytes) => /^8=(?:FIX[\w.]{1,8}|O)\|9=\d{1,6}\|/.test(latin1(bytes, 0, 32).replaceAll('\u0001', '|')),
  },
  {
    id: 'z3950',
    title: 'Z39.50 (libraries)',
    standards: ['ISO 23950 §4.1 (APDU), appendix ASN (initialize request)'],
    transports: ['tcp'],
    usualPorts: [210, 9991],
    begins: [0xb4, 0xb5],
    needs: 12,
    // Initialize request (context tag 20): protocol version (3), options (4).
    matches: (bytes) =>
      (bytes[0] === 0xb4 || bytes[0] === 0xb5) && hasBytes(bytes, [0x83, 0x02], 2) && bytes[6] === 0x84,
  },
  {
    id: 'raft',
    title: 'Raft (Canonical)',
    standards: ['canonical/raft: uv_encode message header (type, length, little endian words)'],
    transports: ['tcp'],
    begins: [1],
    needs: 24,
    matches: (bytes) => {
      const kind = littleWord32(bytes, 0);
      const isHandshake =
        kind === 1 && littleWord32(bytes, 4) === 0 && littleWord32(bytes, 12) === 0 && littleWord32(bytes, 20) === 0;
      return (
        isHandshake &&
        littleWord32(bytes, 16) > 8 &&
        littleWord32(bytes, 16) < 128 &&
        /^[\w.-]+:\d{2,5}\0*$/.test(latin1(bytes, 24, 24 + littleWord32(bytes, 16)))
      );
    },
  },
  {
    id: 'cassandra-internode',
    title: 'Cassandra between nodes',
    standards: ['Apache Cassandra internode messaging: magic 0xca552dfa'],
    transports: ['tcp'],
    usualPorts: [7000],
    begins: [0xca],
    needs: 8,
    matches: (bytes) => hasBytes(bytes, [0xca, 0x55, 0x2d, 0xfa]),
  },
  {
    id: 'elasticsearch',
    title: 'Elasticsearch transport',
    standards: ['Elasticsearch TcpHeader: `ES`, length, request id, status, version'],
    transports: ['tcp'],
    usualPorts: [9300],
    begins: ['ES'],
    needs: 19,
    matches: (bytes) =>
      hasText(bytes, 'ES') &&
      word32(bytes, 2) > 8 &&
      word32(bytes, 2) < 0x1000_0000 &&
      word32(bytes, 6) === 0 &&
      (bytes[14] ?? 255) < 0x10 &&
      word32(bytes, 15) < 0x0100_0000,
  },
  {
    id: 'onc-rpc',
    title: 'ONC RPC and NFS',
    standards: ['RFC 5531 §9 (messages), §11 (record marking)', 'RFC 1813 (NFS version 3)', 'RFC 7530 (NFS version 4)'],
    transports: ['tcp', 'udp'],
    usualPorts: [111, 2049],
    needs: 28,
    // Transaction, call, version 2, program of those that the standards number, program version; a mark before it on TCP.
    matches: (bytes, { transport }) => {
      const start = transport === 'tcp' ? 4 : 0;
      const isMarked = transport === 'udp' || (bytes[0] ?? 0) >>> 7 === 1;
      const program = word32(bytes, start + 12);
      const isCall = word32(bytes, start + 4) === 0 && word32(bytes, start + 8) === 2;
      return isMarked && isCall && program >= 100_000 && program < 101_000 && word32(bytes, start + 16) <= 8;
    },
  },
];
