import type { ByteCursor } from '../bytes/byte-cursor.ts';
import { utf8 } from '../bytes/text.ts';
import { variableInteger } from './variable-integer.ts';

type PropertyForm = 'byte' | 'two-bytes' | 'four-bytes' | 'integer' | 'text' | 'binary' | 'pair';

/** Properties of MQTT 5 (§2.2.2.2, table 2-4): name and form by identifier. */
const PROPERTIES: ReadonlyMap<number, readonly [name: string, form: PropertyForm]> = new Map([
  [1, ['payload_format_indicator', 'byte']],
  [2, ['message_expiry_interval', 'four-bytes']],
  [3, ['content_type', 'text']],
  [8, ['response_topic', 'text']],
  [9, ['correlation_data', 'binary']],
  [11, ['subscription_identifier', 'integer']],
  [17, ['session_expiry_interval', 'four-bytes']],
  [18, ['assigned_client_identifier', 'text']],
  [19, ['server_keep_alive', 'two-bytes']],
  [21, ['authentication_method', 'text']],
  [22, ['authentication_data', 'binary']],
  [23, ['request_problem_information', 'byte']],
  [24, ['will_delay_interval', 'four-bytes']],
  [25, ['request_response_information', 'byte']],
  [26, ['response_information', 'text']],
  [28, ['server_reference', 'text']],
  [31, ['reason_string', 'text']],
  [33, ['receive_maximum', 'two-bytes']],
  [34, ['topic_alias_maximum', 'two-bytes']],
  [35, ['topic_alias', 'two-bytes']],
  [36, ['maximum_qos', 'byte']],
  [37, ['retain_available', 'byte']],
  [38, ['user_property', 'pair']],
  [39, ['maximum_packet_size', 'four-bytes']],
  [40, ['wildcard_subscription_available', 'byte']],
  [41, ['subscription_identifiers_available', 'byte']],
  [42, ['shared_subscription_available', 'byte']],
]);
const MAXIMUM_PROPERTIES = 64;

/** A property in the words of the standard; of a user property, the name that the user chose. */
export interface MqttProperty {
  readonly name: string;
  readonly value: number | string;
  readonly isUserDefined: boolean;
}

/** @returns what stands in the properties of a packet, up to one that is unknown. Moves behind them. */
export function readProperties(cursor: ByteCursor): readonly MqttProperty[] {
  const list = cursor.nested(variableInteger(cursor));
  const properties: MqttProperty[] = [];
  while (list.remaining > 0 && properties.length < MAXIMUM_PROPERTIES) {
    const [name, form] = PROPERTIES.get(variableInteger(list)) ?? [];
    if (name === undefined || form === undefined) break;
    const property = readProperty(list, name, form);
    if (list.isBroken) break;
    properties.push(property);
  }
  return properties;
}

function readProperty(cursor: ByteCursor, name: string, form: PropertyForm): MqttProperty {
  switch (form) {
    case 'byte':
      return { name, value: cursor.uint8(), isUserDefined: false };
    case 'two-bytes':
      return { name, value: cursor.uint16(), isUserDefined: false };
    case 'four-bytes':
      return { name, value: cursor.uint32(), isUserDefined: false };
    case 'integer':
      return { name, value: variableInteger(cursor), isUserDefined: false };
    case 'text':
    case 'binary':
      return { name, value: utf8(cursor.slice(cursor.uint16())), isUserDefined: false };
    case 'pair': {
      const key = utf8(cursor.slice(cursor.uint16()));
      return { name: key, value: utf8(cursor.slice(cursor.uint16())), isUserDefined: true };
    }
    default:
      return form satisfies never;
  }
}
