import { counted, join, u16, u32 } from '../../messages/binary.ts';
import type { Probe } from '../../probe.ts';

/** CQL binary protocol v4 §2.4, §4.1.1. */
const REQUEST_V4 = 4;
const STARTUP = 1;
const FRAME_HEAD_BYTES = 9;

/** The room of Cassandra reads from the answer which class authenticates, or that none does. */
export const cassandraAccess: Probe = {
  id: 'cassandra-access',
  title: 'Cassandra without a password',
  protocols: ['cassandra'],
  transport: 'tcp',
  ports: [9042],
  sends: 'Starts a session without a login and reads whether one is asked for. Reads no data.',
  caution: 'asks',
  limits: { connections: 1, packets: 4, bytes: 100, answerBytes: 16 * 1024, timeoutMs: 8000 },
  async run({ connect }) {
    const stream = await connect();
    if (stream === undefined) return;
    const body = join(u16(1), counted(2, 'CQL_VERSION'), counted(2, '3.0.0'));
    stream.send(join(REQUEST_V4, 0, u16(0), STARTUP, u32(body.length), body), 'Cassandra STARTUP');
    await stream.receive(
      (bytes) => bytes.length >= FRAME_HEAD_BYTES && bytes.length >= FRAME_HEAD_BYTES + bytes.readUInt32BE(5),
    );
    stream.close();
  },
};
