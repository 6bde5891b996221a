import { posix } from 'node:path';
import { type DecoyContext, named } from '../decoys/decoy-context.ts';
import type { ServiceOf } from '../decoys/persona.ts';
import { Doorkeeper } from './accounts.ts';
import type { Conversation, DataChannel, Peer } from './conversation.ts';
import { FakeFileSystem, sizeOf } from './shell/file-system.ts';

// FTP (RFC 959), extended passive mode (RFC 2428), sizes and listings (RFC 3659). Active mode would be a connection by the decoy and
// is refused.

const MAXIMUM_LINE = 2048;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const ANONYMOUS = /^(anonymous|ftp)$/i;

/** An FTP server over the files of a machine; what is put there goes to the quarantine. */
export function ftpServer(service: ServiceOf<'ftp'>, context: DecoyContext, peer: Peer): Conversation {
  const server = new FtpServer(service, context, peer);
  server.reply(220, named(context.identity.banners.ftp ?? service.greeting, context.identity));
  return server;
}

class FtpServer implements Conversation {
  readonly #service: ServiceOf<'ftp'>;
  readonly #peer: Peer;
  readonly #files: FakeFileSystem | undefined;
  readonly #doorkeeper: Doorkeeper;
  #line = '';
  #user = '';
  #isIn = false;
  #cwd: string;
  #channel: Promise<DataChannel> | undefined;
  /** Commands are answered one after the other, also where one waits for its data connection. */
  #work: Promise<void> = Promise.resolve();

  constructor(service: ServiceOf<'ftp'>, context: DecoyContext, peer: Peer) {
    this.#service = service;
    this.#peer = peer;
    this.#cwd = service.folder;
    this.#doorkeeper = new Doorkeeper(service, peer);
    const machine = context.machines[service.machine];
    this.#files =
      machine &&
      new FakeFileSystem(
        machine,
        (text) => named(text, context.identity),
        () => peer.now(),
      );
  }

  reply(code: number, text: string): void {
    this.#peer.send(`${code} ${text}\r\n`);
  }

  receive(bytes: Buffer): void {
    for (const byte of bytes) {
      if (byte === 10) {
        const line = this.#line.replace(/\r$/, '');
        this.#line = '';
        this.#work = this.#work.then(() => this.#command(line)).catch(() => this.#peer.end());
      } else if (this.#line.length < MAXIMUM_LINE) this.#line += String.fromCharCode(byte);
    }
  }

  async #command(line: string): Promise<void> {
    const [, verb = '', argument = ''] = /^([A-Za-z]{3,4})(?: (.*))?$/.exec(line) ?? [];
    const name = verb.toUpperCase();
    if (name === '') this.reply(500, 'Unknown command.');
    else if (name === 'USER') {
      this.#user = argument.slice(0, 200);
      this.reply(331, 'Please specify the password.');
    } else if (name === 'PASS') this.#password(argument);
    else if (name === 'QUIT') {
      this.reply(221, 'Goodbye.');
      this.#peer.end();
    } else if (name === 'SYST') this.reply(215, 'UNIX Type: L8');
    else if (name === 'FEAT') this.#peer.send('211-Features:\r\n EPSV\r\n PASV\r\n SIZE\r\n UTF8\r\n211 End\r\n');
    else if (name === 'OPTS' || name === 'NOOP' || name === 'TYPE' || name === 'MODE' || name === 'STRU')
      this.reply(200, 'OK.');
    else if (!this.#isIn) this.reply(530, 'Please login with USER and PASS.');
    else await this.#inside(name, argument);
  }

  #password(secret: string): void {
    const isAnonymous = this.#service.allowsAnonymous && ANONYMOUS.test(this.#user);
    if (isAnonymous)
      this.#peer.logOn({ user: this.#user, secret: secret.slice(0, 200), method: 'anonymous', isAccepted: true });
    this.#isIn = isAnonymous || this.#doorkeeper.admits(this.#user, secret, 'password');
    if (this.#isIn) this.reply(230, 'Login successful.');
    else this.reply(530, 'Login incorrect.');
  }

  async #inside(name: string, argument: string): Promise<void> {
    const path = posix.resolve(this.#cwd, argument.replace(/^-\w+\s*/, '') || '.');
    const node = this.#files?.get(path);
    switch (name) {
      case 'PWD':
        this.reply(257, `"${this.#cwd}" is the current directory`);
        break;
      case 'CWD':
      case 'CDUP': {
        const to = name === 'CDUP' ? posix.dirname(this.#cwd) : path;
        if (this.#files?.get(to)?.isFolder === true) {
          this.#cwd = to;
          this.reply(250, 'Directory successfully changed.');
        } else this.reply(550, 'Failed to change directory.');
        break;
      }
      case 'PASV':
      case 'EPSV':
        await this.#passive(name);
        break;
      case 'PORT':
      case 'EPRT':
        this.#peer.note('reach-out', `told to open a data connection to ${argument.slice(0, 100)}`, {
          address: argument.slice(0, 100),
        });
        this.reply(500, 'Illegal PORT command.');
        break;
      case 'LIST':
      case 'NLST':
        this.#peer.note('request', `listed ${path}`);
        await this.#give(
          this.#listing(path, name === 'NLST'),
          'Here comes the directory listing.',
          'Directory send OK.',
        );
        break;
      case 'SIZE':
        if (node === undefined || node.isFolder) this.reply(550, 'Could not get file size.');
        else this.reply(213, String(node.content.length));
        break;
      case 'RETR':
        if (node === undefined || node.isFolder) {
          this.reply(550, 'Failed to open file.');
          break;
        }
        this.#peer.note('download', `took ${path}`, { path });
        await this.#give(
          Buffer.from(node.content, 'latin1'),
          `Opening BINARY mode data connection for ${argument}.`,
          'Transfer complete.',
        );
        break;
      case 'STOR':
      case 'APPE':
      case 'STOU':
        await this.#take(path);
        break;
      case 'DELE':
      case 'RMD':
      case 'MKD':
      case 'RNFR':
      case 'RNTO':
      case 'SITE':
        this.#peer.note('request', `${name} ${argument.slice(0, 200)}`);
        this.reply(550, 'Permission denied.');
        break;
      default:
        this.reply(502, 'Command not implemented.');
    }
  }

  async #passive(name: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<DataChannel>();
    const port = await this.#peer.expectData(resolve);
    this.#channel = promise;
    if (port === 0) this.reply(425, 'Cannot open passive connection.');
    else if (name === 'EPSV') this.reply(229, `Entering Extended Passive Mode (|||${port}|)`);
    else {
      const address = this.#peer.localAddress.replaceAll('.', ',');
      this.reply(227, `Entering Passive Mode (${address},${port >> 8},${port & 0xff}).`);
    }
  }

  async #give(content: Buffer, before: string, after: string): Promise<void> {
    const channel = await this.#nextChannel();
    if (channel === undefined) return;
    this.reply(150, before);
    channel.send(content);
    channel.end();
    this.reply(226, after);
  }

  async #take(path: string): Promise<void> {
    const channel = await this.#nextChannel();
    if (channel === undefined) return;
    this.reply(150, 'Ok to send data.');
    const content = await channel.received;
    const name = posix.basename(path);
    this.#peer.note('upload', `left ${name}`, { bytes: content.length, name });
    this.#peer.sample(name, content);
    this.reply(226, 'Transfer complete.');
  }

  /** The other side connects to the port that it was told, or has no patience of ours for ever. */
  async #nextChannel(): Promise<DataChannel | undefined> {
    const waiting = this.#channel;
    this.#channel = undefined;
    if (waiting === undefined) {
      this.reply(425, 'Use PASV first.');
      return undefined;
    }
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    this.#peer.later(10_000, () => resolve(undefined));
    const channel = await Promise.race([waiting, late]);
    if (channel === undefined) this.reply(425, 'Failed to establish connection.');
    return channel;
  }

  #listing(path: string, isShort: boolean): Buffer {
    const entries = this.#files?.list(path) ?? [];
    const lines = entries.map(([name, node]) => {
      if (isShort) return name;
      const date = new Date(node.changed);
      const time = `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2, '0')}  ${date.getUTCFullYear()}`;
      return `${node.isFolder ? 'drwxr-xr-x' : '-rw-r--r--'}    1 0        0        ${String(sizeOf(node)).padStart(10)} ${time} ${name}`;
    });
    return Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'utf8');
  }
}
