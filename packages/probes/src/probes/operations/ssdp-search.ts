import type { Probe } from '../../probe.ts';

const ANSWERS = 8;

/** Unicast search (UPnP Device Architecture 1.1 §1.3.2). */
export const ssdpSearch: Probe = {
  id: 'ssdp-search',
  title: 'UPnP devices',
  protocols: ['ssdp'],
  transport: 'udp',
  ports: [1900],
  sends: 'Asks the device itself, not the network, which UPnP devices it contains.',
  caution: 'asks',
  limits: { connections: 1, packets: 1, bytes: 160, answerBytes: 16 * 1024, timeoutMs: 5000 },
  async run({ datagrams, ip }) {
    const socket = await datagrams();
    if (socket === undefined) return;
    const host = ip.includes(':') ? `[${ip}]` : ip;
    const search = `M-SEARCH * HTTP/1.1\r\nHOST: ${host}:1900\r\nMAN: "ssdp:discover"\r\nST: ssdp:all\r\n\r\n`;
    socket.send(Buffer.from(search, 'latin1'), 'SSDP search');
    for (let count = 0; count < ANSWERS; count += 1) if ((await socket.receive()) === undefined) break;
    socket.close();
  },
};
