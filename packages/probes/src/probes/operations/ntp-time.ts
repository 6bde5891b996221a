import type { Probe } from '../../probe.ts';

/** No warning, version 4, client (RFC 5905 §7.3). */
const CLIENT_V4 = 0x23;
const MESSAGE_BYTES = 48;

export const ntpTime: Probe = {
  id: 'ntp-time',
  title: 'Time service',
  protocols: ['ntp'],
  transport: 'udp',
  ports: [123],
  sends: 'Asks once for the time (NTP), as every computer does.',
  caution: 'asks',
  limits: { connections: 1, packets: 1, bytes: MESSAGE_BYTES, answerBytes: 4096, timeoutMs: 4000 },
  async run({ datagrams }) {
    const socket = await datagrams();
    if (socket === undefined) return;
    const message = Buffer.alloc(MESSAGE_BYTES);
    message[0] = CLIENT_V4;
    message.writeUInt32BE(0xe000_0000, 40);
    socket.send(message, 'NTP request');
    await socket.receive();
    socket.close();
  },
};
