import { counted, join, u16 } from '../../messages/binary.ts';
import type { Probe } from '../../probe.ts';

const POINTER_RECORD = 12;
/** Internet class, with the wish for an answer to this address only (RFC 6762 §5.4). */
const UNICAST_INTERNET = 0x8001;

export const mdnsServices: Probe = {
  id: 'mdns-services',
  title: 'Services announced by mDNS',
  protocols: ['mdns', 'dns'],
  transport: 'udp',
  ports: [5353],
  sends: 'Asks the device itself, not the network, which services it announces (mDNS).',
  caution: 'asks',
  limits: { connections: 1, packets: 1, bytes: 64, answerBytes: 16 * 1024, timeoutMs: 4000 },
  async run({ datagrams }) {
    const socket = await datagrams();
    if (socket === undefined) return;
    const name = ['_services', '_dns-sd', '_udp', 'local'].map((label) => counted(1, label));
    const header = join(u16(0), u16(0), u16(1), u16(0), u16(0), u16(0));
    socket.send(join(header, ...name, 0, u16(POINTER_RECORD), u16(UNICAST_INTERNET)), 'mDNS query for services');
    await socket.receive();
    socket.close();
  },
};
