import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SphinxError } from '@sphinx/platform';
import type { EapProxy } from './eap-proxy.ts';
import {
  ATTRIBUTES,
  buildAnswer,
  CALL_CHECK,
  CODES,
  eapFailureTo,
  isAuthentic,
  macOf,
  numberOf,
  type RadiusPacket,
  readPacket,
  textOf,
} from './packet.ts';

/** How long an answer is kept for a switch that did not get it (RFC 5080 §2.2.2). */
const REPEAT_MS = 10_000;
const MAXIMUM_KEPT = 4096;

/** A device that a switch or an access point asks for. */
export interface AccessRequest {
  readonly mac: string;
  /** Name of the switch, by which the hospital knows it. */
  readonly client: string;
}

export interface AccessAnswer {
  readonly isAccepted: boolean;
  /** Empty: the switch decides. */
  readonly vlan: string;
  /** For the log of the switch. */
  readonly message: string;
}

/** A switch or an access point that may ask. */
export interface RadiusClient {
  readonly name: string;
  readonly secret: Uint8Array;
}

/** Counts of what was heard, for health. */
export interface RadiusFigures {
  accepted: number;
  rejected: number;
  /** From nobody who may ask. */
  strangers: number;
  /** Without a Message-Authenticator that fits, or no RADIUS at all. */
  forged: number;
  /** Sign-ins with EAP that the server behind this one did not answer. */
  unanswered: number;
}

export interface RadiusServer {
  readonly port: number;
  readonly figures: Readonly<RadiusFigures>;
  close(): Promise<void>;
}

/**
 * Answers RADIUS for devices that sign in by their hardware address (MAC authentication bypass), and says that it is there
 * (Status-Server, RFC 5997). What is not authentic is dropped without an answer, as RFC 2869 §5.14 demands. EAP goes through to
 * the server that checks certificates and passwords; whom that lets in, the verdict decides on. Without such a server EAP is
 * refused.
 *
 * @param options.clientOf who sits at an address
 * @param options.eap where sign-ins with EAP are checked
 * @throws SphinxError SPX_UNAVAILABLE when the port cannot be had
 */
export async function startRadiusServer(options: {
  host: string;
  port: number;
  clientOf: (address: string) => Promise<RadiusClient | undefined>;
  decide: (request: AccessRequest) => Promise<AccessAnswer>;
  eap?: EapProxy;
  onError: (error: unknown) => void;
}): Promise<RadiusServer> {
  const socket = createSocket(options.host.includes(':') ? 'udp6' : 'udp4');
  const figures: RadiusFigures = { accepted: 0, rejected: 0, strangers: 0, forged: 0, unanswered: 0 };
  const kept = new Map<string, Promise<Buffer | undefined>>();
  socket.on('message', (datagram, from) => {
    void answerOnce(datagram, from).then((answer) => answer && send(socket, answer, from), options.onError);
  });
  socket.bind(options.port, options.host);
  await once(socket, 'listening').catch((cause: unknown) => {
    throw new SphinxError('SPX_UNAVAILABLE', `RADIUS cannot listen on ${options.host} port ${options.port}.`, {
      cause,
    });
  });

  socket.on('error', options.onError);

  function answerOnce(datagram: Uint8Array, from: RemoteInfo): Promise<Buffer | undefined> {
    const key = `${from.address} ${from.port} ${Buffer.from(datagram.subarray(0, 20)).toString('latin1')}`;
    const earlier = kept.get(key);
    if (earlier !== undefined) return earlier;
    const answer = answerTo(datagram, from.address, options, figures);
    kept.set(key, answer);
    const [oldest] = kept.keys();
    if (kept.size > MAXIMUM_KEPT && oldest !== undefined) kept.delete(oldest);
    setTimeout(() => kept.delete(key), REPEAT_MS).unref();
    return answer;
  }

  return {
    port: (socket.address() as AddressInfo).port,
    figures,
    close() {
      options.eap?.close();
      return new Promise((resolve) => socket.close(() => resolve()));
    },
  };
}

async function answerTo(
  datagram: Uint8Array,
  address: string,
  options: {
    clientOf: (address: string) => Promise<RadiusClient | undefined>;
    decide: (request: AccessRequest) => Promise<AccessAnswer>;
    eap?: EapProxy;
  },
  figures: RadiusFigures,
): Promise<Buffer | undefined> {
  const client = await options.clientOf(address);
  if (client === undefined) {
    figures.strangers += 1;
    return undefined;
  }
  const request = readPacket(datagram);
  if (request === undefined || !isAuthentic(request, client.secret)) {
    figures.forged += 1;
    return undefined;
  }
  const { secret } = client;
  if (request.code === CODES.statusServer) {
    return buildAnswer({ request, code: CODES.accessAccept, secret, vlan: '', message: '' });
  }
  if (request.code !== CODES.accessRequest) return undefined;
  if (hasEap(request)) return answerToEap(request, client, options, figures);
  const mac = macOfRequest(request);
  const answer: AccessAnswer =
    mac === undefined
      ? { isAccepted: false, vlan: '', message: 'Only sign-in by hardware address is answered here.' }
      : await options.decide({ mac, client: client.name });
  figures[answer.isAccepted ? 'accepted' : 'rejected'] += 1;
  const code = answer.isAccepted ? CODES.accessAccept : CODES.accessReject;
  return buildAnswer({ request, code, secret, vlan: answer.isAccepted ? answer.vlan : '', message: answer.message });
}

function hasEap({ attributes }: RadiusPacket): boolean {
  return attributes.some(({ type }) => type === ATTRIBUTES.eapMessage);
}

/** The other server says who it is; whom it lets in, the verdict lets in, too, or sends elsewhere, or refuses. */
async function answerToEap(
  request: RadiusPacket,
  { name, secret }: RadiusClient,
  { eap, decide }: { decide: (request: AccessRequest) => Promise<AccessAnswer>; eap?: EapProxy },
  figures: RadiusFigures,
): Promise<Buffer | undefined> {
  const refuse = (message: string) => {
    figures.rejected += 1;
    const passed = eapFailureTo(request);
    return buildAnswer({ request, code: CODES.accessReject, secret, vlan: '', message, passed });
  };
  if (eap === undefined) return refuse('EAP is checked by another server; name it in the setting eapServer.');
  const answer = await eap.ask(request, secret);
  if (answer === undefined) {
    figures.unanswered += 1;
    return undefined;
  }
  const { code, attributes: passed } = answer;
  const mac = macOf(textOf(request, ATTRIBUTES.callingStationId));
  if (code !== CODES.accessAccept || mac === undefined) {
    if (code === CODES.accessAccept) figures.accepted += 1;
    if (code === CODES.accessReject) figures.rejected += 1;
    return buildAnswer({ request, code, secret, vlan: '', message: '', passed });
  }
  const { isAccepted, vlan, message } = await decide({ mac, client: name });
  if (!isAccepted) return refuse(message);
  figures.accepted += 1;
  return buildAnswer({ request, code, secret, vlan, message, passed });
}

/** The address that signs in: the user name says it; where the switch names the caller as well both must be the same. */
function macOfRequest(request: RadiusPacket): string | undefined {
  const user = macOf(textOf(request, ATTRIBUTES.userName));
  const caller = textOf(request, ATTRIBUTES.callingStationId);
  const serviceType = numberOf(request, ATTRIBUTES.serviceType);
  if (user === undefined || (serviceType !== undefined && serviceType !== CALL_CHECK)) return undefined;
  return caller === undefined || macOf(caller) === user ? user : undefined;
}

function send(socket: Socket, answer: Buffer, { port, address }: RemoteInfo): void {
  socket.send(answer, port, address);
}
