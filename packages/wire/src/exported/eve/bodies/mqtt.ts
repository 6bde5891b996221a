import type { MqttRecord } from '../../../mqtt/protocol.ts';
import { type EveBody, present } from '../eve-event.ts';

/** Connecting to a broker; who logs in, topics and messages are not read. */
export function mqttBody({ activity, version, clientId, authentication, isAccepted }: MqttRecord): EveBody {
  if (activity === 'connect-acknowledgement') {
    return { type: 'mqtt', members: { connack: { return_code: isAccepted ? 0 : undefined } } };
  }
  const members = {
    connect: {
      protocol_string: version === 3 ? 'MQIsdp' : 'MQTT',
      protocol_version: version,
      flags: { username: authentication === 'password' },
      ...present({ client_id: clientId }),
    },
  };
  return { type: 'mqtt', members };
}
