import { join, le32 } from '../../messages/binary.ts';
import type { Probe } from '../../probe.ts';

/** MySQL internals, capability flags: long password, protocol 4.1, secure connection, plugin authentication. */
const CAPABILITIES = 0x0000_0001 | 0x0000_0200 | 0x0000_8000 | 0x0008_0000;
const MAXIMUM_PACKET = 16_777_215;
const UTF8 = 33;
const OK = 0x00;
const AUTHENTICATION_SWITCH = 0xfe;
const ERROR = 0xff;

/** Logs in as root with an empty password; where that works, the session is ended at once. */
export const mysqlAccess: Probe = {
  id: 'mysql-access',
  title: 'MySQL and MariaDB without a password',
  protocols: ['mysql'],
  transport: 'tcp',
  ports: [3306],
  sends:
    'Tries once to log in as the user "root" with an empty password. Where that works, ends the session at once; reads no data.',
  caution: 'logs-in',
  limits: { connections: 1, packets: 8, bytes: 300, answerBytes: 16 * 1024, timeoutMs: 12_000 },
  async run({ connectPlain, report }) {
    const stream = await connectPlain();
    if (stream === undefined) return;
    const greeting = await stream.receive(isPacketWhole);
    if (greeting[4] === 10 || greeting[4] === 9) {
      stream.send(packet(1, login()), 'MySQL login as root, empty password');
      let answer = await stream.receive(isPacketWhole);
      if (answer[4] === AUTHENTICATION_SWITCH) {
        stream.send(packet((answer[3] ?? 2) + 1, Buffer.alloc(0)), 'MySQL: empty password, the other way');
        answer = await stream.receive(isPacketWhole);
      }
      if (answer[4] === OK) {
        report('mysql.without-password', 'true');
        stream.send(packet(0, Buffer.from([1])), 'MySQL: end');
      } else if (answer[4] === ERROR) report('mysql.without-password', 'false');
    }
    stream.close();
  },
};

function isPacketWhole(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.length >= 4 + bytes.readUIntLE(0, 3);
}

function packet(sequence: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence & 255;
  return Buffer.concat([head, body]);
}

function login(): Buffer {
  return join(le32(CAPABILITIES), le32(MAXIMUM_PACKET), UTF8, Buffer.alloc(23), 'root\0', 0, 'mysql_native_password\0');
}
