import { createHash } from 'node:crypto';
import type { DecoyContext } from '../../decoys/decoy-context.ts';
import type { ServiceOf } from '../../decoys/persona.ts';
import { Doorkeeper } from '../accounts.ts';
import type { Conversation, Peer } from '../conversation.ts';
import { SshReader, sshString, uint32 } from './binary.ts';
import { SessionChannel } from './channel.ts';
import type { HostKeys } from './key-exchange.ts';
import { SshTransport } from './transport.ts';

// Authentication (RFC 4252, RFC 4256) and connections (RFC 4254) of SSH, server side. Nothing is ever forwarded.

const MESSAGE = {
  serviceRequest: 5,
  serviceAccept: 6,
  authRequest: 50,
  authFailure: 51,
  authSuccess: 52,
  infoRequest: 60,
  infoResponse: 61,
  globalRequest: 80,
  requestFailure: 82,
  channelOpen: 90,
  openConfirmation: 91,
  openFailure: 92,
  windowAdjust: 93,
  channelData: 94,
  channelEof: 96,
  channelClose: 97,
  channelRequest: 98,
  channelSuccess: 99,
  channelFailure: 100,
} as const;
const METHODS = 'publickey,password,keyboard-interactive';
/** As OpenSSH does by default (MaxAuthTries). */
const MAXIMUM_ATTEMPTS = 6;
const MAXIMUM_CHANNELS = 10;
const ADMINISTRATIVELY_PROHIBITED = 1;
const WINDOW = 2 * 1024 * 1024;
const MAXIMUM_PACKET = 32 * 1024;

/** An SSH server with a shell behind it that runs nothing. */
export function sshServer(service: ServiceOf<'ssh'>, context: DecoyContext, keys: HostKeys, peer: Peer): Conversation {
  const server = new SshServer(service, context, keys, peer);
  server.open();
  return server;
}

class SshServer implements Conversation {
  readonly #service: ServiceOf<'ssh'>;
  readonly #context: DecoyContext;
  readonly #peer: Peer;
  readonly #transport: SshTransport;
  readonly #doorkeeper: Doorkeeper;
  readonly #channels = new Map<number, SessionChannel>();
  #user = '';
  #isIn = false;
  #attempts = 0;
  #nextChannel = 0;

  constructor(service: ServiceOf<'ssh'>, context: DecoyContext, keys: HostKeys, peer: Peer) {
    this.#service = service;
    this.#context = context;
    this.#peer = peer;
    const software = context.identity.banners.ssh ?? service.software;
    this.#transport = new SshTransport(peer, keys, software, (payload) => this.#take(payload));
    this.#doorkeeper = new Doorkeeper(service, peer);
  }

  open(): void {
    this.#transport.open();
  }

  receive(bytes: Buffer): void {
    this.#transport.receive(bytes);
  }

  ended(): void {
    for (const channel of this.#channels.values()) channel.leave();
    this.#channels.clear();
  }

  #take(payload: Buffer): void {
    const [type = 0] = payload;
    const reader = new SshReader(payload, 1);
    if (type === MESSAGE.serviceRequest) {
      this.#transport.send(Buffer.from([MESSAGE.serviceAccept]), sshString(reader.text(100)));
    } else if (type === MESSAGE.authRequest) this.#authenticate(reader);
    else if (type === MESSAGE.infoResponse) this.#takeAnswer(reader);
    else if (!this.#isIn) this.#transport.fail('sent a message before it had logged on');
    else this.#connection(type, reader);
  }

  #authenticate(reader: SshReader): void {
    const user = reader.text(256);
    reader.string();
    const method = reader.text(64);
    if (this.#isIn) return;
    this.#user = user;
    if (method === 'password') {
      const isChange = reader.boolean();
      this.#judge(!isChange && this.#doorkeeper.admits(user, reader.text(1024), 'password'));
    } else if (method === 'keyboard-interactive') this.#ask();
    else if (method === 'publickey') {
      reader.boolean();
      const algorithm = reader.text(100);
      const print = createHash('sha256').update(reader.string()).digest('base64').replace(/=+$/, '');
      this.#peer.logOn({ user, secret: `${algorithm} SHA256:${print}`, method: 'publickey', isAccepted: false });
      this.#judge(false);
    } else this.#refuse();
  }

  /** One question, as PAM asks it (RFC 4256 §3.2). */
  #ask(): void {
    this.#transport.send(
      Buffer.from([MESSAGE.infoRequest]),
      sshString(''),
      sshString(''),
      sshString(''),
      uint32(1),
      sshString('Password: '),
      Buffer.from([0]),
    );
  }

  #takeAnswer(reader: SshReader): void {
    if (this.#isIn) return;
    const count = reader.uint32();
    const answer = count > 0 ? reader.text(1024) : '';
    this.#judge(this.#doorkeeper.admits(this.#user, answer, 'keyboard-interactive'));
  }

  #judge(isAccepted: boolean): void {
    if (isAccepted) {
      this.#isIn = true;
      this.#transport.send(Buffer.from([MESSAGE.authSuccess]));
      return;
    }
    this.#attempts += 1;
    if (this.#attempts >= MAXIMUM_ATTEMPTS) this.#transport.disconnect(2, 'Too many authentication failures');
    else this.#refuse();
  }

  #refuse(): void {
    this.#transport.send(Buffer.from([MESSAGE.authFailure]), sshString(METHODS), Buffer.from([0]));
  }

  #connection(type: number, reader: SshReader): void {
    if (type === MESSAGE.globalRequest) this.#global(reader);
    else if (type === MESSAGE.channelOpen) this.#open(reader);
    else if (type >= MESSAGE.windowAdjust && type <= MESSAGE.channelRequest) this.#onChannel(type, reader);
  }

  #global(reader: SshReader): void {
    const name = reader.text(100);
    const wantsReply = reader.boolean();
    if (name === 'tcpip-forward') {
      const host = reader.text(255);
      const port = reader.uint32();
      this.#peer.note('reach-out', `asked to forward port ${port} of ${host || 'every address'} to itself`, {
        host,
        port,
      });
    }
    if (wantsReply) this.#transport.send(Buffer.from([MESSAGE.requestFailure]));
  }

  #open(reader: SshReader): void {
    const type = reader.text(100);
    const theirs = reader.uint32();
    const window = reader.uint32();
    reader.uint32();
    const machine = this.#context.machines[this.#service.machine];
    if (type === 'direct-tcpip') {
      const host = reader.text(255);
      const port = reader.uint32();
      this.#peer.note('reach-out', `told to connect to ${host} port ${port}`, { host, port });
    }
    if (type !== 'session' || machine === undefined || this.#channels.size >= MAXIMUM_CHANNELS) {
      this.#transport.send(
        Buffer.from([MESSAGE.openFailure]),
        uint32(theirs),
        uint32(ADMINISTRATIVELY_PROHIBITED),
        sshString('open failed'),
        sshString(''),
      );
      return;
    }
    const ours = this.#nextChannel++;
    const send = (message: number, ...parts: readonly Uint8Array[]) =>
      this.#transport.send(Buffer.from([message]), uint32(theirs), ...parts);
    const channel = new SessionChannel({
      machine,
      context: this.#context,
      peer: this.#peer,
      user: this.#user,
      window,
      data: (bytes) => send(MESSAGE.channelData, sshString(bytes)),
      finish: (status) => {
        const request = [sshString('exit-status'), Buffer.from([0]), uint32(status)];
        send(MESSAGE.channelRequest, ...request);
        send(MESSAGE.channelEof);
        send(MESSAGE.channelClose);
      },
      reply: (isDone) => send(isDone ? MESSAGE.channelSuccess : MESSAGE.channelFailure),
      consumed: (bytes) => send(MESSAGE.windowAdjust, uint32(bytes)),
    });
    this.#channels.set(ours, channel);
    this.#transport.send(
      Buffer.from([MESSAGE.openConfirmation]),
      uint32(theirs),
      uint32(ours),
      uint32(WINDOW),
      uint32(MAXIMUM_PACKET),
    );
  }

  #onChannel(type: number, reader: SshReader): void {
    const id = reader.uint32();
    const channel = this.#channels.get(id);
    if (channel === undefined) return;
    if (type === MESSAGE.channelData) channel.take(reader.string());
    else if (type === MESSAGE.windowAdjust) channel.widen(reader.uint32());
    else if (type === MESSAGE.channelRequest) channel.request(reader.text(100), reader.boolean(), reader);
    else if (type === MESSAGE.channelEof) channel.finishInput();
    else if (type === MESSAGE.channelClose) {
      channel.leave();
      this.#channels.delete(id);
      if (this.#channels.size === 0) this.#peer.later(200, () => this.#channels.size === 0 && this.#peer.end());
    }
  }
}
