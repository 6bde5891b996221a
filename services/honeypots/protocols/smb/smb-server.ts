import { posix } from 'node:path';
import { type DecoyContext, named } from '../../decoys/decoy-context.ts';
import type { ServiceOf } from '../../decoys/persona.ts';
import type { Conversation, Peer } from '../conversation.ts';
import { GrowingBytes } from '../growing-bytes.ts';
import { FakeFileSystem, type FileNode } from '../shell/file-system.ts';
import { createBody, informationOf, readBody, withBuffer, writeBody } from './bodies.ts';
import { listing } from './directory.ts';
import { splitFrames } from './frames.ts';
import {
  ACCEPTED_TOKEN,
  COMMAND,
  challengeToken,
  DIALECT,
  EMPTY_BODY,
  ERROR_BODY,
  fileIdAt,
  HEADER_BYTES,
  negotiateBody,
  ntlmOf,
  readAuthenticate,
  readRequest,
  reply,
  type SmbRequest,
  STATUS,
  sessionBody,
  word,
} from './messages.ts';
import { answerOldGreeting, isOldMessage } from './old-greeting.ts';
import { OpenPipes, pipeNode } from './open-pipes.ts';

const MAXIMUM_MESSAGE = 256 * 1024;
const MAXIMUM_OPEN = 64;
const MAXIMUM_TREES = 16;
const MAXIMUM_WRITTEN = 16 * 1024 * 1024;
const SESSION_ACCEPTED = Buffer.from([0x82, 0, 0, 0]);
const GUEST = 1;
const ANONYMOUS = 2;
const DISK = 1;
const PIPE = 2;
const FULL_ACCESS = 0x001f_01ff;
const FIRST_CREATE_DISPOSITION = 2;
const DIRECTORY_OPTION = 1;

interface OpenFile {
  readonly path: string;
  readonly node: FileNode;
  readonly written: GrowingBytes | undefined;
  isListed: boolean;
}

/** A file server with shares full of invented documents; what is put there goes to the quarantine. */
export function smbServer(service: ServiceOf<'smb'>, context: DecoyContext, peer: Peer): Conversation {
  return new SmbServer(service, context, peer);
}

class SmbServer implements Conversation {
  readonly #service: ServiceOf<'smb'>;
  readonly #context: DecoyContext;
  readonly #peer: Peer;
  readonly #files: FakeFileSystem | undefined;
  readonly #waiting = new GrowingBytes(MAXIMUM_MESSAGE * 2);
  /** Tree → folder of its share; undefined for pipes. */
  readonly #trees = new Map<number, string | undefined>();
  readonly #open = new Map<number, OpenFile>();
  readonly #pipes: OpenPipes;
  readonly #sessionId: bigint;
  #next = 1;
  #isIn = false;
  #isOver = false;

  constructor(service: ServiceOf<'smb'>, context: DecoyContext, peer: Peer) {
    this.#service = service;
    this.#context = context;
    this.#peer = peer;
    this.#pipes = new OpenPipes(service.shares);
    this.#sessionId = BigInt(peer.random(6).readUIntBE(0, 6)) + 1n;
    const machine = context.machines[service.machine];
    this.#files =
      machine &&
      new FakeFileSystem(
        machine,
        (text) => named(text, context.identity),
        () => peer.now(),
      );
  }

  receive(bytes: Buffer): void {
    if (this.#isOver) return;
    this.#waiting.add(bytes);
    const { messages, rest, isFaulty } = splitFrames(this.#waiting.take(), MAXIMUM_MESSAGE);
    for (const message of messages) {
      if (this.#isOver) return;
      if (message === undefined) this.#peer.send(SESSION_ACCEPTED);
      else this.#message(message);
    }
    if (this.#isOver) return;
    if (isFaulty) this.#fail();
    else this.#waiting.add(rest);
  }

  ended(): void {
    for (const file of this.#open.values()) this.#keep(file);
    this.#open.clear();
  }

  #fail(): void {
    this.#isOver = true;
    this.#peer.note('malformed', 'sent what is no SMB');
    this.#peer.end();
  }

  #message(bytes: Buffer): void {
    if (isOldMessage(bytes)) {
      this.#oldGreeting(bytes);
      return;
    }
    for (let at = 0; at < bytes.length; ) {
      const request = readRequest(bytes.subarray(at));
      if (request === undefined) {
        this.#fail();
        return;
      }
      this.#serve(request);
      const next = request.bytes.readUInt32LE(20);
      if (next < HEADER_BYTES) return;
      at += next;
    }
  }

  #oldGreeting(bytes: Buffer): void {
    const answer = answerOldGreeting(bytes, this.#peer.random(16), this.#peer.now());
    if (answer !== undefined) {
      this.#peer.send(answer);
      return;
    }
    this.#peer.note('request', 'asked for SMB 1, which is not spoken');
    this.#isOver = true;
    this.#peer.end();
  }

  #serve(request: SmbRequest): void {
    const { command } = request;
    if (command === COMMAND.negotiate) this.#negotiate(request);
    else if (command === COMMAND.sessionSetup) this.#sessionSetup(request);
    else if (command === COMMAND.echo) this.#answer(request, EMPTY_BODY);
    else if (!this.#isIn) this.#refuse(request, STATUS.accessDenied);
    else this.#inside(request);
  }

  #inside(request: SmbRequest): void {
    switch (request.command) {
      case COMMAND.treeConnect:
        this.#treeConnect(request);
        break;
      case COMMAND.create:
        this.#create(request);
        break;
      case COMMAND.close:
        this.#close(request);
        break;
      case COMMAND.read:
        this.#read(request);
        break;
      case COMMAND.write:
        this.#write(request);
        break;
      case COMMAND.queryDirectory:
        this.#queryDirectory(request);
        break;
      case COMMAND.queryInfo:
        this.#queryInfo(request);
        break;
      case COMMAND.treeDisconnect:
        this.#trees.delete(request.treeId);
        this.#answer(request, EMPTY_BODY);
        break;
      case COMMAND.logoff:
      case COMMAND.flush:
        this.#answer(request, EMPTY_BODY);
        break;
      case COMMAND.ioctl:
        this.#ioctl(request);
        break;
      default:
        this.#refuse(request, STATUS.notSupported);
    }
  }

  #negotiate(request: SmbRequest): void {
    const count = word(request.body, 2);
    const dialects = Array.from({ length: Math.min(count, 16) }, (_, index) => word(request.body, 36 + index * 2));
    const dialect = dialects.includes(DIALECT) ? DIALECT : 0x0202;
    this.#peer.note('client', `SMB client that speaks ${dialects.map((each) => `0x${each.toString(16)}`).join(', ')}`);
    this.#answer(request, negotiateBody(this.#peer.random(16), this.#peer.now(), dialect));
  }

  #sessionSetup(request: SmbRequest): void {
    const offset = word(request.body, 12);
    const message = ntlmOf(request.bytes.subarray(offset, offset + word(request.body, 14)));
    const { hostName, domain } = this.#context.identity;
    if (message === undefined || message.readUInt32LE(8) === 1) {
      const token = challengeToken(this.#peer.random(8), hostName, domain);
      this.#peer.send(reply(request, STATUS.moreProcessing, sessionBody(token, 0), { sessionId: this.#sessionId }));
      return;
    }
    const { user, domain: of, host, response } = readAuthenticate(message);
    const isGuest = this.#service.allowsGuests;
    const name = of === '' ? user : `${of}\\${user}`;
    if (host !== '') this.#peer.note('client', `calls itself ${host}`);
    this.#peer.logOn({
      user: name,
      secret: user === '' ? '' : `NTLM ${response}`,
      method: 'ntlm',
      isAccepted: isGuest,
    });
    if (!isGuest) {
      this.#refuse(request, STATUS.logonFailure);
      return;
    }
    this.#isIn = true;
    const body = sessionBody(ACCEPTED_TOKEN, user === '' ? ANONYMOUS : GUEST);
    this.#peer.send(reply(request, STATUS.success, body, { sessionId: this.#sessionId }));
  }

  #treeConnect(request: SmbRequest): void {
    const offset = word(request.body, 4);
    const path = request.bytes.toString('utf16le', offset, offset + Math.min(word(request.body, 6), 1024));
    const name = path.split('\\').at(-1) ?? '';
    const share = this.#service.shares.find((each) => each.name.toLowerCase() === name.toLowerCase());
    const isPipe = name.toUpperCase() === 'IPC$';
    this.#peer.note('request', `opened the share ${name.slice(0, 80)}`, { isThere: share !== undefined || isPipe });
    if ((share === undefined && !isPipe) || this.#trees.size >= MAXIMUM_TREES) {
      this.#refuse(request, STATUS.badNetworkName);
      return;
    }
    const treeId = this.#next++;
    this.#trees.set(treeId, share?.folder);
    const body = Buffer.alloc(16);
    body.writeUInt16LE(16, 0);
    body[2] = isPipe ? PIPE : DISK;
    body.writeUInt32LE(FULL_ACCESS, 12);
    this.#peer.send(reply(request, STATUS.success, body, { treeId }));
  }

  #create(request: SmbRequest): void {
    const root = this.#trees.get(request.treeId);
    if (request.body.length < 56 || this.#open.size >= MAXIMUM_OPEN) {
      this.#refuse(request, STATUS.invalidParameter);
      return;
    }
    const offset = word(request.body, 44);
    const name = request.bytes
      .toString('utf16le', offset, offset + Math.min(word(request.body, 46), 1024))
      .replaceAll('\\', '/');
    if (root === undefined) {
      this.#openPipe(request, name);
      return;
    }
    const path = posix.join(root, posix.resolve('/', name)).replace(/(?<=.)\/$/, '');
    const disposition = request.body.readUInt32LE(36);
    const isFolder = (request.body.readUInt32LE(40) & DIRECTORY_OPTION) !== 0;
    const known = this.#find(path);
    const isMade = known === undefined && disposition >= FIRST_CREATE_DISPOSITION;
    if (isMade) {
      if (isFolder) this.#files?.makeFolder(path, 'guest');
      else this.#files?.write(path, '', 'guest');
    }
    const node = known ?? this.#find(path);
    if (node === undefined) {
      this.#refuse(request, STATUS.nameNotFound);
      return;
    }
    const id = this.#next++;
    const written = isMade || disposition > FIRST_CREATE_DISPOSITION ? new GrowingBytes(MAXIMUM_WRITTEN) : undefined;
    this.#open.set(id, { path, node, written, isListed: false });
    this.#answer(request, createBody(id, node, isMade));
  }

  #openPipe(request: SmbRequest, name: string): void {
    this.#peer.note('request', `opened the pipe ${name.slice(0, 80)}`);
    const id = this.#next++;
    if (this.#pipes.open(id, name)) this.#answer(request, createBody(id, pipeNode(this.#peer.now()), false));
    else this.#refuse(request, STATUS.nameNotFound);
  }

  #ioctl(request: SmbRequest): void {
    const { body, bytes } = request;
    const answer = this.#pipes.transceive(fileIdAt(body, 8), body, bytes);
    if (answer === undefined) this.#refuse(request, STATUS.notFound);
    else this.#answer(request, answer);
  }

  /** Names of files differ in case only for people. */
  #find(path: string): FileNode | undefined {
    const exact = this.#files?.get(path);
    if (exact !== undefined) return exact;
    const folder = posix.dirname(path);
    const name = posix.basename(path).toLowerCase();
    return this.#files?.list(folder).find(([each]) => each.toLowerCase() === name)?.[1];
  }

  #close(request: SmbRequest): void {
    const id = fileIdAt(request.body, 8);
    const file = this.#open.get(id);
    this.#open.delete(id);
    if (file === undefined && !this.#pipes.close(id)) {
      this.#refuse(request, STATUS.fileClosed);
      return;
    }
    if (file !== undefined) this.#keep(file);
    const body = Buffer.alloc(60);
    body.writeUInt16LE(60, 0);
    this.#answer(request, body);
  }

  #keep({ path, written }: OpenFile): void {
    if (written === undefined || written.length === 0) return;
    const content = written.take();
    this.#peer.note('upload', `left ${posix.basename(path)}`, { bytes: content.length, name: posix.basename(path) });
    this.#peer.sample(posix.basename(path), content);
  }

  #read(request: SmbRequest): void {
    const id = fileIdAt(request.body, 16);
    const waiting = this.#pipes.read(id);
    if (waiting !== undefined) {
      if (waiting.length === 0) this.#refuse(request, STATUS.endOfFile);
      else this.#answer(request, readBody(waiting));
      return;
    }
    const file = this.#open.get(id);
    if (file === undefined || file.node.isFolder || request.body.length < 32) {
      this.#refuse(request, file === undefined ? STATUS.fileClosed : STATUS.invalidParameter);
      return;
    }
    const offset = Number(request.body.readBigUInt64LE(8));
    const content = Buffer.from(file.node.content, 'latin1');
    if (offset >= content.length) {
      this.#refuse(request, STATUS.endOfFile);
      return;
    }
    if (offset === 0) this.#peer.note('download', `took ${file.path}`, { path: file.path });
    const data = content.subarray(offset, offset + Math.min(request.body.readUInt32LE(4), 65_536));
    this.#answer(request, readBody(data));
  }

  #write(request: SmbRequest): void {
    const id = fileIdAt(request.body, 16);
    const file = this.#open.get(id);
    const length = request.body.length < 32 ? 0 : request.body.readUInt32LE(4);
    const offset = word(request.body, 2);
    const data = request.bytes.subarray(offset, offset + length);
    if (this.#pipes.has(id)) {
      this.#pipes.write(id, data);
      this.#answer(request, writeBody(length));
      return;
    }
    if (file?.written === undefined || length === 0) {
      this.#refuse(request, file === undefined ? STATUS.fileClosed : STATUS.accessDenied);
      return;
    }
    file.written.add(data);
    this.#answer(request, writeBody(length));
  }

  #queryDirectory(request: SmbRequest): void {
    const { body } = request;
    const file = this.#open.get(fileIdAt(body, 8));
    if (file === undefined || !file.node.isFolder || body.length < 32) {
      this.#refuse(request, STATUS.invalidParameter);
      return;
    }
    const isAnew = ((body[3] ?? 0) & 1) !== 0;
    if (file.isListed && !isAnew) {
      this.#refuse(request, STATUS.noMoreFiles);
      return;
    }
    file.isListed = true;
    this.#peer.note('request', `listed ${file.path}`);
    const inside = this.#files?.list(file.path) ?? [];
    const entries: (readonly [string, FileNode])[] = [['.', file.node], ['..', file.node], ...inside];
    const bytes = listing(entries, body[2] ?? 0, Math.min(body.readUInt32LE(28), 65_536));
    if (bytes === undefined) {
      this.#refuse(request, STATUS.notSupported);
      return;
    }
    this.#answer(request, withBuffer(bytes));
  }

  #queryInfo(request: SmbRequest): void {
    const { body } = request;
    const file = this.#open.get(fileIdAt(body, 24));
    const info = file === undefined ? undefined : informationOf(file.node, body[2] ?? 0, body[3] ?? 0);
    if (info === undefined) this.#refuse(request, file === undefined ? STATUS.fileClosed : STATUS.notSupported);
    else this.#answer(request, withBuffer(info));
  }

  #answer(request: SmbRequest, body: Uint8Array): void {
    this.#peer.send(reply(request, STATUS.success, body));
  }

  #refuse(request: SmbRequest, status: number): void {
    this.#peer.send(reply(request, status, ERROR_BODY));
  }
}
