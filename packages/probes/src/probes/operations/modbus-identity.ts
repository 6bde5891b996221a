import { join, u16 } from '../../messages/binary.ts';
import type { Probe } from '../../probe.ts';

/** Encapsulated interface transport, read device identification, basic, from the first object (Modbus V1.1b3 §6.21). */
const READ_IDENTIFICATION = [0x2b, 0x0e, 0x01, 0x00];
/** The device behind this address itself (Modbus/TCP implementation guide §3.1.3). */
const UNIT = 255;

/** Reads who the device is. Registers and coils are never read, and nothing is ever written. */
export const modbusIdentity: Probe = {
  id: 'modbus-identity',
  title: 'Modbus device identification',
  protocols: ['modbus'],
  transport: 'tcp',
  ports: [502],
  sends: 'Asks once for vendor, product and revision (Modbus function 43/14). Reads no value and writes none.',
  caution: 'unusual',
  limits: { connections: 1, packets: 4, bytes: 32, answerBytes: 4096, timeoutMs: 8000 },
  async run({ connectPlain }) {
    const stream = await connectPlain();
    if (stream === undefined) return;
    const message = join(UNIT, Buffer.from(READ_IDENTIFICATION));
    stream.send(join(u16(1), u16(0), u16(message.length), message), 'Modbus read device identification');
    await stream.receive((bytes) => bytes.length >= 6 && bytes.length >= 6 + bytes.readUInt16BE(4));
    stream.close();
  },
};
