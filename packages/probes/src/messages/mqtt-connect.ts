import { counted, join, u16 } from './binary.ts';

/** MQTT 3.1.1 §3.1, §3.2, §3.14. */
const CONNECT = 0x10;
const CONNACK = 0x20;
export const MQTT_DISCONNECT: Uint8Array = Buffer.from([0xe0, 0]);
const FLAGS = { cleanSession: 0x02, password: 0x40, userName: 0x80 } as const;
const KEEP_ALIVE_SECONDS = 10;
/** §3.2.2.3: bad user name or password, not authorised. */
const LOGIN_DEMANDED = [4, 5];

/** @param login user name and password, together at most 100 bytes */
export function mqttConnect(login?: { readonly user: string; readonly password: string }): Buffer {
  const flags = FLAGS.cleanSession | (login === undefined ? 0 : FLAGS.userName | FLAGS.password);
  const names = login === undefined ? [] : [counted(2, login.user), counted(2, login.password)];
  const body = join(counted(2, 'MQTT'), 4, flags, u16(KEEP_ALIVE_SECONDS), counted(2, 'sphinx-probe'), ...names);
  return join(CONNECT, counted(1, body));
}

export function readConnack(bytes: Buffer): 'accepted' | 'refused' | 'unknown' {
  if (bytes[0] !== CONNACK || bytes.length < 4) return 'unknown';
  if (bytes[3] === 0) return 'accepted';
  return LOGIN_DEMANDED.includes(bytes[3] ?? 0) ? 'refused' : 'unknown';
}
