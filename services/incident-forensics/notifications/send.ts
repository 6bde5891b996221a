import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { createTransport } from 'nodemailer';
import type { ChannelTarget } from './channel.ts';
import { type Message, matrixEvent, plainText, slackBlocks, subjectOf, syslogLine, teamsCard } from './message.ts';

const TIMEOUT_MS = 20_000;
/** A datagram that fits everywhere (RFC 5426 §3.2 asks for 480 at least and 2,048 as a rule). */
const MAXIMUM_DATAGRAM_BYTES = 2048;

export interface Sending {
  readonly target: ChannelTarget;
  readonly message: Message;
  /** Password, token or address of a webhook; empty where there is none. */
  readonly secret: string;
  /** Further receivers of mail. */
  readonly onCall: readonly string[];
  /** The same for every attempt, so that a receiver can tell a repetition. */
  readonly id: string;
}

/** Sends a message. @throws Error with what went wrong, without a secret */
export async function send(sending: Sending): Promise<void> {
  const { target, message, secret, id } = sending;
  switch (target.kind) {
    case 'mail':
      return sendMail(sending, target);
    case 'webhook': {
      const body = JSON.stringify({
        id,
        event: `incident.${message.event}`,
        time: message.time,
        incident: message.incident,
      });
      const signature = createHmac('sha256', secret).update(body).digest('hex');
      return post(target.url, body, { 'x-sphinx-signature': `sha256=${signature}` });
    }
    case 'teams':
      return post(secret, JSON.stringify(teamsCard(message)));
    case 'slack':
      return post(secret, JSON.stringify(slackBlocks(message)));
    case 'matrix': {
      const room = encodeURIComponent(target.room);
      const url = `${target.homeserver.replace(/\/$/, '')}/_matrix/client/v3/rooms/${room}/send/m.room.message/${encodeURIComponent(id)}`;
      return post(url, JSON.stringify(matrixEvent(message)), { authorization: `Bearer ${secret}` }, 'PUT');
    }
    case 'syslog':
      return sendSyslog(target, syslogLine(message, target.format));
  }
}

async function sendMail(
  { message, secret, onCall, id }: Sending,
  target: Extract<ChannelTarget, { kind: 'mail' }>,
): Promise<void> {
  const transport = createTransport({
    host: target.host,
    port: target.port,
    secure: target.security === 'tls',
    requireTLS: target.security === 'starttls',
    ignoreTLS: target.security === 'none',
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    ...(target.authority ? { tls: { ca: target.authority } } : {}),
    ...(target.username === '' ? {} : { auth: { user: target.username, pass: secret } }),
  });
  try {
    await transport.sendMail({
      from: target.from,
      to: [...new Set([...target.to, ...onCall])],
      subject: subjectOf(message),
      text: plainText(message),
      messageId: `<${id}@sphinx.invalid>`,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  } finally {
    transport.close();
  }
}

async function post(url: string, body: string, headers: Record<string, string> = {}, method = 'POST'): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      body,
      headers: { 'content-type': 'application/json', ...headers },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    // The address may be a secret: of an error only its cause is told.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : 'no connection';
    throw new Error(`it could not be reached: ${cause}`);
  }
  await response.body?.cancel();
  if (!response.ok) throw new Error(`it answered with status ${response.status}`);
}

function sendSyslog(target: Extract<ChannelTarget, { kind: 'syslog' }>, line: string): Promise<void> {
  const { host, port, transport } = target;
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null) => (error ? reject(error) : resolve());
    if (transport === 'udp') {
      const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
      const datagram = Buffer.from(line).subarray(0, MAXIMUM_DATAGRAM_BYTES);
      socket.on('error', (error) => {
        socket.close();
        done(error);
      });
      socket.send(datagram, port, host, (error) => {
        socket.close();
        done(error);
      });
      return;
    }
    // Octet counting (RFC 6587 §3.4.1).
    const bytes = Buffer.from(line);
    const socket = connect({ host, port, timeout: TIMEOUT_MS }, () =>
      socket.end(Buffer.concat([Buffer.from(`${bytes.length} `), bytes])),
    );
    socket.on('timeout', () => socket.destroy(new Error('it does not answer')));
    socket.on('error', done);
    socket.on('close', (hadError) => {
      if (!hadError) done();
    });
  });
}
