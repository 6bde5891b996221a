import { join, le32 } from '../../messages/binary.ts';
import type { Probe } from '../../probe.ts';

/** MongoDB wire protocol: OP_MSG with one section of kind 0. */
const OP_MSG = 2013;

/** Names of databases are told to whoever is let in; the answer is not kept, only whether there was one. */
export const mongodbAccess: Probe = {
  id: 'mongodb-access',
  title: 'MongoDB without a password',
  protocols: ['mongodb'],
  transport: 'tcp',
  ports: [27_017],
  sends: 'Asks for the version (hello) and for the number of databases without a login. Reads no data.',
  caution: 'asks',
  limits: { connections: 1, packets: 6, bytes: 300, answerBytes: 64 * 1024, timeoutMs: 12_000 },
  async run({ connect, report }) {
    const stream = await connect();
    if (stream === undefined) return;
    stream.send(command(1, 'hello'), 'MongoDB hello');
    if (isMessage(await stream.receive(isMessageWhole))) {
      stream.send(command(2, 'listDatabases'), 'MongoDB listDatabases');
      const answer = await stream.receive(isMessageWhole);
      const isWelcome = isSuccess(answer);
      if (isWelcome !== undefined) report('mongodb.without-password', String(isWelcome));
    }
    stream.close();
  },
};

function command(id: number, name: string): Buffer {
  const elements = join(0x10, `${name}\0`, le32(1), 0x08, 'nameOnly\0', 1, 0x02, '$db\0', le32(6), 'admin\0');
  // `hello` knows no `nameOnly`.
  const own = name === 'hello' ? join(0x10, 'hello\0', le32(1), 0x02, '$db\0', le32(6), 'admin\0') : elements;
  const document = join(le32(own.length + 5), own, 0);
  return join(le32(16 + 5 + document.length), le32(id), le32(0), le32(OP_MSG), le32(0), 0, document);
}

function isMessageWhole(bytes: Buffer): boolean {
  return bytes.length >= 16 && bytes.length >= bytes.readUInt32LE(0);
}

function isMessage(bytes: Buffer): boolean {
  return bytes.length >= 16 && bytes.readUInt32LE(12) === OP_MSG;
}

/** BSON: the element `ok` is a double, 1 where the command was carried out. */
function isSuccess(bytes: Buffer): boolean | undefined {
  const at = bytes.indexOf(Buffer.from('\x01ok\0', 'latin1'));
  return at === -1 || bytes.length < at + 12 ? undefined : bytes.readDoubleLE(at + 4) === 1;
}
