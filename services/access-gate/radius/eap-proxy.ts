import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { type Hiding, hideKeysAnew } from './keys.ts';
import {
  ATTRIBUTES,
  type Attribute,
  buildRequest,
  isAuthenticAnswer,
  type RadiusPacket,
  readPacket,
} from './packet.ts';

/** A question is put a second time after this long, and given up after the second. */
const REPEAT_MS = 2000;
const GIVE_UP_MS = 5000;
const IDENTIFIERS = 256;

/** What the other server answers, its keys hidden for whoever asked this one. */
export interface PassedAnswer {
  readonly code: number;
  readonly attributes: readonly Attribute[];
}

/** Passes sign-ins on to a RADIUS server that checks certificates and passwords (RFC 2865 §2.3, RFC 3579 §2.6). */
export interface EapProxy {
  /** @returns undefined where no answer came that is authentic, or too many questions are open */
  ask(request: RadiusPacket, secret: Uint8Array): Promise<PassedAnswer | undefined>;
  close(): void;
}

interface Open {
  readonly authenticator: Uint8Array;
  readonly secret: Uint8Array;
  take(answer: RadiusPacket): void;
}

/**
 * @param server where it listens
 * @param secretOf what is shared with it; undefined where nobody has entered it
 */
export function openEapProxy(
  server: { readonly host: string; readonly port: number },
  secretOf: () => Promise<Uint8Array | undefined>,
): EapProxy {
  const socket = createSocket(isIPv6(server.host) ? 'udp6' : 'udp4');
  const open = new Map<number, Open>();
  let next = 0;
  socket.on('error', () => undefined);
  socket.on('message', (datagram, { address }) => {
    if (address !== server.host) return;
    const answer = readPacket(datagram);
    const question = answer === undefined ? undefined : open.get(answer.identifier);
    if (answer === undefined || question === undefined) return;
    if (isAuthenticAnswer(answer, question.authenticator, question.secret)) question.take(answer);
  });
  socket.unref();
  return {
    async ask(request, clientSecret) {
      const secret = await secretOf();
      if (secret === undefined || open.size >= IDENTIFIERS) return undefined;
      while (open.has(next)) next = (next + 1) % IDENTIFIERS;
      const identifier = next;
      next = (next + 1) % IDENTIFIERS;
      const authenticator = randomBytes(16);
      const datagram = buildRequest({ identifier, authenticator, attributes: request.attributes, secret });
      const answer = await new Promise<RadiusPacket | undefined>((resolve) => {
        const send = () => socket.send(datagram, server.port, server.host, () => undefined);
        const repeat = setTimeout(send, REPEAT_MS);
        const giveUp = setTimeout(() => finish(undefined), GIVE_UP_MS);
        const finish = (found: RadiusPacket | undefined) => {
          clearTimeout(repeat);
          clearTimeout(giveUp);
          open.delete(identifier);
          resolve(found);
        };
        open.set(identifier, { authenticator, secret, take: finish });
        send();
      });
      if (answer === undefined) return undefined;
      const from: Hiding = { secret, authenticator };
      const to: Hiding = { secret: clientSecret, authenticator: request.authenticator };
      const passed = answer.attributes.filter(({ type }) => !OWN.includes(type));
      return { code: answer.code, attributes: passed.map((attribute) => hideKeysAnew(attribute, from, to)) };
    },
    close: () => socket.close(),
  };
}

/** Attributes that every answer gets anew. */
const OWN: readonly number[] = [ATTRIBUTES.messageAuthenticator, ATTRIBUTES.proxyState];
