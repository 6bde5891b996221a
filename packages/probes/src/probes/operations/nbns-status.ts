import { join, u16 } from '../../messages/binary.ts';
import type { Probe } from '../../probe.ts';

const NODE_STATUS = 0x21;
const INTERNET = 1;
/** The name `*`, padded with NUL, half a byte in each letter (RFC 1001 §14.1). */
const ANY_NAME = `CK${'A'.repeat(30)}`;

/** RFC 1002 §4.2.17. */
export const nbnsStatus: Probe = {
  id: 'nbns-status',
  title: 'NetBIOS names',
  protocols: ['nbns'],
  transport: 'udp',
  ports: [137],
  sends: 'Asks once for the NetBIOS names of the device.',
  caution: 'asks',
  limits: { connections: 1, packets: 1, bytes: 50, answerBytes: 4096, timeoutMs: 4000 },
  async run({ datagrams }) {
    const socket = await datagrams();
    if (socket === undefined) return;
    const id = 1 + Math.floor(Math.random() * 0xfffe);
    const header = join(u16(id), u16(0), u16(1), u16(0), u16(0), u16(0));
    socket.send(join(header, ANY_NAME.length, ANY_NAME, 0, u16(NODE_STATUS), u16(INTERNET)), 'NetBIOS node status');
    await socket.receive();
    socket.close();
  },
};
