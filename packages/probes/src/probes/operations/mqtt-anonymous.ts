import { MQTT_DISCONNECT, mqttConnect, readConnack } from '../../messages/mqtt-connect.ts';
import type { Probe } from '../../probe.ts';

/** The room of MQTT reads from the answer whether a client without a name and password was let in. */
export const mqttAnonymous: Probe = {
  id: 'mqtt-anonymous',
  title: 'MQTT without a login',
  protocols: ['mqtt'],
  transport: 'tcp',
  ports: [1883, 8883],
  sends:
    'Connects to the broker without a user name and password and disconnects at once. Subscribes to nothing and publishes nothing.',
  caution: 'asks',
  limits: { connections: 1, packets: 5, bytes: 64, answerBytes: 16 * 1024, timeoutMs: 10_000 },
  async run({ connect, report }) {
    const stream = await connect();
    if (stream === undefined) return;
    stream.send(mqttConnect(), 'MQTT connect without a login');
    const answer = readConnack(await stream.receive((bytes) => bytes.length >= 4));
    if (answer === 'refused') report('mqtt.authentication', 'required');
    if (answer === 'accepted') stream.send(MQTT_DISCONNECT, 'MQTT disconnect');
    stream.close();
  },
};
