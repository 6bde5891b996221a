/** What protocol rooms of the sensor find odd, as Suricata names it: values of `app-layer-event`. */
export const APPLICATION_EVENTS: ReadonlySet<string> = new Set([
  'dns.invalid_opcode',
  'dns.z_flag_set',
  'modbus.invalid_function_code',
  'mqtt.double_connect',
  'mqtt.invalid_qos_level',
  'mqtt.unassigned_msg_type',
  'mqtt.unintroduced_message',
]);
