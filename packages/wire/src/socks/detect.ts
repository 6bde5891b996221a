import type { Detection, DetectionSample } from '../protocol.ts';

const VERSION_4 = 4;
const VERSION_5 = 5;
const MAXIMUM_METHODS = 16;
const CONNECT = 1;
const BIND = 2;
const REPLY_4_BYTES = 8;
/** Answers of SOCKS 4: granted, and three kinds of refusal. */
const FIRST_REPLY_4 = 0x5a;
const LAST_REPLY_4 = 0x5d;
/** Methods of RFC 1928 §3 with those that IANA has assigned since; 0xff is none acceptable. */
const LAST_METHOD = 9;
const NO_METHOD = 0xff;

/** Both ends must have spoken: the greeting of the client alone is three bytes that anybody may send. */
export function detectSocks({ toServer, toClient }: DetectionSample): Detection {
  if (toServer.length === 0) return toClient.length === 0 ? 'undecided' : 'reject';
  if (toServer[0] === VERSION_5) return detectVersion5(toServer, toClient);
  return toServer[0] === VERSION_4 ? detectVersion4(toServer, toClient) : 'reject';
}

function detectVersion5(toServer: Uint8Array, toClient: Uint8Array): Detection {
  const methods = toServer[1];
  if (methods === undefined) return 'undecided';
  if (methods === 0 || methods > MAXIMUM_METHODS) return 'reject';
  const offered = toServer.subarray(2, 2 + methods);
  if (offered.some((method) => method > LAST_METHOD && method < 0x80)) return 'reject';
  const [version, chosen] = toClient;
  // A client waits for the answer before it says more (RFC 1928 §3).
  if (version === undefined) return toServer.length <= 2 + methods ? 'undecided' : 'reject';
  if (version !== VERSION_5 || offered.length < methods) return 'reject';
  if (chosen === undefined) return 'undecided';
  return chosen === NO_METHOD || offered.includes(chosen) ? 'match' : 'reject';
}

function detectVersion4(toServer: Uint8Array, toClient: Uint8Array): Detection {
  const command = toServer[1];
  if (command === undefined) return 'undecided';
  if (command !== CONNECT && command !== BIND) return 'reject';
  if (toClient.length === 0) return 'undecided';
  if (toClient[0] !== 0 || toServer.length < 9 || toServer.indexOf(0, 8) < 0) return 'reject';
  const reply = toClient[1];
  if (reply === undefined || toClient.length < REPLY_4_BYTES) return 'undecided';
  return reply >= FIRST_REPLY_4 && reply <= LAST_REPLY_4 ? 'match' : 'reject';
}
