import { snmpDiscovery, snmpGet } from '../../messages/snmp-request.ts';
import type { Probe } from '../../probe.ts';

/** The room of SNMP reads version, system group and whether a default community was taken off the answers. */
export const snmpSystem: Probe = {
  id: 'snmp-system',
  title: 'SNMP system group',
  protocols: ['snmp'],
  transport: 'udp',
  ports: [161],
  sends:
    'Sends three datagrams: asks for description, name and location with SNMP version 1 and 2c under the community "public", and for the engine of version 3. Changes nothing.',
  caution: 'asks',
  limits: { connections: 1, packets: 3, bytes: 500, answerBytes: 16 * 1024, timeoutMs: 8000 },
  async run({ datagrams }) {
    const socket = await datagrams();
    if (socket === undefined) return;
    const id = 1 + Math.floor(Math.random() * 0x3fff_ffff);
    socket.send(snmpGet('2c', 'public', id), 'SNMP v2c get, community public');
    await socket.receive();
    socket.send(snmpGet('1', 'public', id + 1), 'SNMP v1 get, community public');
    await socket.receive();
    socket.send(snmpDiscovery(id + 2), 'SNMP v3 discovery');
    await socket.receive();
    socket.close();
  },
};
