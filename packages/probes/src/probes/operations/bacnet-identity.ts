import { join, u16 } from '../../messages/binary.ts';
import type { Probe } from '../../probe.ts';

/** ASHRAE 135 annex J.2.11, §6.2.2, §20.1.2. */
const BVLC_UNICAST = [0x81, 0x0a];
const EXPECTS_REPLY = [0x01, 0x04];
const CONFIRMED = [0x00, 0x05];
const READ_PROPERTY = 12;
/** Device, any instance: a device answers to it as to its own number (§12.11.1). */
const DEVICE_OBJECT = [0x0c, 0x02, 0x3f, 0xff, 0xff];
/** §21: object-name, vendor-name, model-name, firmware-revision, application-software-version. */
const PROPERTIES = [77, 121, 70, 44, 12];

/** Reads who the device is. No value of the building is read, and nothing is ever written. */
export const bacnetIdentity: Probe = {
  id: 'bacnet-identity',
  title: 'BACnet device identification',
  protocols: ['bacnet'],
  transport: 'udp',
  ports: [47_808],
  sends:
    'Asks with five datagrams for name, vendor, model and versions of the controller. Reads no value and writes none.',
  caution: 'asks',
  limits: { connections: 1, packets: 5, bytes: 120, answerBytes: 8192, timeoutMs: 10_000 },
  async run({ datagrams }) {
    const socket = await datagrams();
    if (socket === undefined) return;
    for (const [index, property] of PROPERTIES.entries()) {
      const request = [...EXPECTS_REPLY, ...CONFIRMED, index + 1, READ_PROPERTY, ...DEVICE_OBJECT, 0x19, property];
      const message = join(Buffer.from(BVLC_UNICAST), u16(request.length + 4), Buffer.from(request));
      socket.send(message, `BACnet read property ${property} of the device`);
      if ((await socket.receive()) === undefined && index === 0) break;
    }
    socket.close();
  },
};
