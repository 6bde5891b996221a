import { createHash, createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ActuatorError } from '../../contract/actuator.ts';

/** Codes of RFC 5176 §2.3. */
export const DISCONNECT_REQUEST = 40;
export const COA_REQUEST = 43;
const HEADER_BYTES = 20;
const MAXIMUM_BYTES = 4096;
/** Types of attributes (RFC 2865 §5, RFC 2868 §3, RFC 2869 §5). */
export const ATTRIBUTE = {
  userName: 1,
  filterId: 11,
  vendorSpecific: 26,
  callingStationId: 31,
  eventTimestamp: 55,
  tunnelType: 64,
  tunnelMediumType: 65,
  messageAuthenticator: 80,
  tunnelPrivateGroupId: 81,
  errorCause: 101,
} as const;

/** RFC 5176 §3.5 and what it means for a person. */
const CAUSES: Readonly<Record<number, string>> = {
  401: 'it does not know an attribute',
  402: 'it misses an attribute',
  403: 'it takes this for another switch',
  404: 'the request is not in its form',
  405: 'it does not offer this',
  501: 'it is forbidden there',
  503: 'it has no such session',
  504: 'the session can’t be removed',
  506: 'it lacks resources now',
};

export type AttributeValue = readonly [type: number, value: Uint8Array];

export interface SwitchPlace {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  readonly now: () => number;
}

/** Waits after which a request is sent again (RFC 5176 §2.3 with RFC 5080 §2.2.1). */
const WAITS_MS = [1000, 2000, 3000] as const;

/**
 * Sends a request of RFC 5176 and waits for the answer. The same bytes are sent again where none comes, so that the switch can
 * tell a repetition.
 *
 * @returns undefined for an acknowledgement, otherwise why it was refused: the number of Error-Cause, 0 where none is given
 * @throws ActuatorError when nothing that knows the secret answers
 */
export async function requestChange(
  place: SwitchPlace,
  code: number,
  attributes: readonly AttributeValue[],
  signal: AbortSignal,
): Promise<number | undefined> {
  const identifier = randomInt(256);
  const request = buildRequest(code, identifier, [...attributes, timestamp(place.now())], place.secret);
  const socket = createSocket(isIPv6(place.host) ? 'udp6' : 'udp4');
  const over = new AbortController();
  const ending = AbortSignal.any([signal, over.signal]);
  try {
    return await new Promise<number | undefined>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('message', (datagram) => {
        const answer = readAnswer(datagram, request, place.secret);
        if (answer !== undefined) resolve(answer.cause);
      });
      socket.connect(place.port, place.host, () => {
        sendRepeatedly(() => socket.send(request), ending).then(
          () => reject(new Error('no answer')),
          () => reject(new Error('stopped')),
        );
      });
    });
  } catch (error) {
    throw new ActuatorError(
      `${place.host}:${place.port} does not answer (${(error as Error).message}). Is it told to take changes from SPHINX, with this secret?`,
      { isTemporary: true, cause: error },
    );
  } finally {
    over.abort();
    socket.close();
  }
}

async function sendRepeatedly(send: () => void, signal: AbortSignal): Promise<void> {
  for (const wait of WAITS_MS) {
    send();
    await sleep(wait, undefined, { signal });
  }
}

/** @returns words for a person */
export function causeInWords(cause: number): string {
  return CAUSES[cause] ?? (cause === 0 ? 'it does not say why' : `Error-Cause ${cause}`);
}

/**
 * A request whose Message-Authenticator is over the packet with an authenticator of zeros (RFC 5176 §3.4), and whose authenticator
 * is over all of it with the secret (§2.3).
 */
export function buildRequest(
  code: number,
  identifier: number,
  attributes: readonly AttributeValue[],
  secret: string,
): Buffer {
  const all: readonly AttributeValue[] = [[ATTRIBUTE.messageAuthenticator, new Uint8Array(16)], ...attributes];
  const parts = all.map(([type, value]) => {
    if (value.length > 253) throw new ActuatorError('A name is longer than RADIUS can carry (253 bytes).');
    return Buffer.concat([Buffer.from([type, value.length + 2]), value]);
  });
  const packet = Buffer.concat([Buffer.alloc(HEADER_BYTES), ...parts]);
  packet[0] = code;
  packet[1] = identifier;
  packet.writeUInt16BE(packet.length, 2);
  packet.set(createHmac('md5', secret).update(packet).digest(), HEADER_BYTES + 2);
  packet.set(createHash('md5').update(packet).update(secret).digest(), 4);
  return packet;
}

/**
 * Reads an answer. Never throws.
 *
 * @returns undefined for a datagram that is none to this request, or of somebody who does not know the secret
 */
export function readAnswer(datagram: Uint8Array, request: Uint8Array, secret: string): { cause?: number } | undefined {
  const answer = Buffer.from(datagram);
  if (answer.length < HEADER_BYTES || answer[1] !== request[1]) return undefined;
  const length = answer.readUInt16BE(2);
  if (length < HEADER_BYTES || length > answer.length || length > MAXIMUM_BYTES) return undefined;
  const packet = answer.subarray(0, length);
  const proof = Buffer.from(packet.subarray(4, HEADER_BYTES));
  packet.set(request.subarray(4, HEADER_BYTES), 4);
  if (!timingSafeEqual(createHash('md5').update(packet).update(secret).digest(), proof)) return undefined;
  const [code] = packet;
  const asked = request[0] ?? 0;
  if (code === asked + 1) return {};
  return code === asked + 2 ? { cause: causeIn(packet) } : undefined;
}

function causeIn(packet: Buffer): number {
  for (let at = HEADER_BYTES; at + 2 <= packet.length; ) {
    const size = packet[at + 1] ?? 0;
    if (size < 2 || at + size > packet.length) return 0;
    if (packet[at] === ATTRIBUTE.errorCause && size === 6) return packet.readUInt32BE(at + 2);
    at += size;
  }
  return 0;
}

function timestamp(nowMs: number): AttributeValue {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(Math.floor(nowMs / 1000) >>> 0);
  return [ATTRIBUTE.eventTimestamp, value];
}
