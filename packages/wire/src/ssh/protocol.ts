import { hash } from 'node:crypto';
import { ByteCollector } from '../bytes/byte-collector.ts';
import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1, startsWithText } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import type {
  Detection,
  DetectionSample,
  Direction,
  EvidenceDraft,
  ParserContext,
  Protocol,
  ProtocolRecord,
  StreamParser,
  StreamState,
} from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';
import { PacketFrames } from './packet-frames.ts';

const KEXINIT = 20;
const NAME_LISTS = 10;
const COOKIE_BYTES = 16;
const MAXIMUM_PREAMBLE = 8192;
/** RFC 4253 §6.1. */
const MAXIMUM_PACKET = 35_000;
const LENGTH_BYTES = 4;
const MAXIMUM_BUFFERED = MAXIMUM_PREAMBLE + LENGTH_BYTES + MAXIMUM_PACKET;

export interface SshRecord extends ProtocolRecord {
  readonly protocol: 'ssh';
  readonly activity: 'identification' | 'key-exchange';
  readonly sentBy: 'client' | 'server';
  readonly protocolVersion: string;
  readonly software: string;
  readonly hassh: string;
  readonly algorithms: readonly string[];
}

/** Identification and KEXINIT (RFC 4253 §4.2, §7.1); HASSH (Salesforce, 2018). */
class SshParser implements StreamParser {
  readonly #context: ParserContext<SshRecord>;
  readonly #buffers = {
    'to-server': new ByteCollector(MAXIMUM_BUFFERED),
    'to-client': new ByteCollector(MAXIMUM_BUFFERED),
  };
  readonly #shown: Record<Direction, Readonly<Record<string, string>>> = { 'to-server': {}, 'to-client': {} };
  /** Where rules look at packets too. */
  readonly #frames: Readonly<Record<Direction, PacketFrames>> | undefined;
  readonly #stage = { 'to-server': 'identification', 'to-client': 'identification' };

  constructor(context: ParserContext<SshRecord>) {
    this.#context = context;
    const { frame } = context;
    if (frame === undefined) return;
    this.#frames = {
      'to-server': new PacketFrames('to-server', frame),
      'to-client': new PacketFrames('to-client', frame),
    };
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    if (this.#stage[direction] !== 'identification') this.#frames?.[direction].push(bytes);
    if (this.#stage[direction] === 'done') return this.#state();
    this.#buffers[direction].add(bytes);
    if (this.#stage[direction] === 'identification') {
      this.#identification(direction);
      if (this.#stage[direction] !== 'identification') this.#frames?.[direction].push(this.#buffers[direction].view());
    }
    if (this.#stage[direction] === 'key-exchange') this.#keyExchange(direction);
    if (this.#stage[direction] === 'done') this.#buffers[direction].clear();
    const isUnidentified = this.#stage[direction] === 'identification';
    if (isUnidentified && this.#buffers[direction].length >= MAXIMUM_PREAMBLE) return 'failed';
    return this.#state();
  }

  #state(): StreamState {
    const isOver = (direction: Direction) =>
      this.#stage[direction] === 'done' && this.#frames?.[direction].isOver !== false;
    return isOver('to-client') && isOver('to-server') ? 'finished' : 'continue';
  }

  gap(): StreamState {
    return 'finished';
  }

  end(): void {}

  #identification(direction: Direction): void {
    const buffer = this.#buffers[direction];
    const text = latin1(buffer.view(), 0, MAXIMUM_PREAMBLE);
    const match = /(^|\n)SSH-([\d.]+)-([^\r\n]*)\r?\n/.exec(text);
    if (match === null) return;
    const [line, , protocolVersion = '', software = ''] = match;
    buffer.drop(match.index + line.length);
    this.#stage[direction] = 'key-exchange';
    this.#show(direction, { 'ssh.proto': protocolVersion, 'ssh.software': software });
    this.#emit(direction, { activity: 'identification', protocolVersion, software: cleanText(software, 100) });
  }

  #keyExchange(direction: Direction): void {
    const buffered = this.#buffers[direction].view();
    if (buffered.length < LENGTH_BYTES) return;
    const length = new ByteCursor(buffered).uint32();
    const isPacket = length <= MAXIMUM_PACKET;
    if (isPacket && buffered.length < LENGTH_BYTES + length) return;
    this.#stage[direction] = 'done';
    if (!isPacket) return;
    const cursor = new ByteCursor(buffered, LENGTH_BYTES, LENGTH_BYTES + length);
    cursor.skip(1);
    if (cursor.uint8() !== KEXINIT) return;
    cursor.skip(COOKIE_BYTES);
    const lists: string[] = [];
    for (let index = 0; index < NAME_LISTS; index++)
      lists.push(latin1(cursor.slice(Math.min(cursor.uint32(), MAXIMUM_PACKET))));
    if (cursor.isBroken) return;
    const [
      kex = '',
      hostKey = '',
      toServerCipher = '',
      toClientCipher = '',
      toServerMac = '',
      toClientMac = '',
      toServerZip = '',
      toClientZip = '',
    ] = lists;
    const isServer = direction === 'to-client';
    const hashed = isServer
      ? [kex, toClientCipher, toClientMac, toClientZip]
      : [kex, toServerCipher, toServerMac, toServerZip];
    const hasshText = hashed.join(';');
    const hassh = hash('md5', hasshText);
    this.#show(direction, {
      [isServer ? 'ssh.hassh.server' : 'ssh.hassh']: hassh,
      [isServer ? 'ssh.hassh.server.string' : 'ssh.hassh.string']: hasshText,
    });
    const algorithms = [
      ...new Set([kex, hostKey, hashed[1] ?? '', hashed[2] ?? ''].flatMap((list) => list.split(','))),
    ];
    this.#emit(direction, {
      activity: 'key-exchange',
      hassh,
      algorithms: algorithms.map((name) => cleanText(name, 64)).filter(Boolean),
    });
  }

  /** Views of one side grow: rules may ask for identification and key exchange together. */
  #show(direction: Direction, buffers: Readonly<Record<string, string>>): void {
    if (this.#context.inspect === undefined) return;
    this.#shown[direction] = { ...this.#shown[direction], ...buffers };
    this.#context.inspect(direction, transactionView('ssh', this.#shown[direction]));
  }

  #emit(direction: Direction, fields: Partial<SshRecord> & Pick<SshRecord, 'activity'>): void {
    const sentBy = direction === 'to-client' ? 'server' : 'client';
    const empty = { protocolVersion: '', software: '', hassh: '', algorithms: [] };
    this.#context.emit({ protocol: 'ssh', sentBy, ...empty, ...fields }, direction);
  }
}

export const ssh: Protocol<SshRecord> = {
  id: 'ssh',
  title: 'SSH',
  standards: ['RFC 4253 §4.2, §7.1', 'HASSH (Salesforce)'],
  transports: ['tcp'],
  usualPorts: [22, 2222],
  isEncrypted: true,
  isClinical: false,
  detect: detectSsh,
  createStreamParser: (context) => new SshParser(context),
  evidence: sshEvidence,
};

function detectSsh({ toServer, toClient }: DetectionSample): Detection {
  const answers = [toServer, toClient]
    .filter((bytes) => bytes.length > 0)
    .map((bytes) => startsWithText(bytes, 'SSH-'));
  if (answers.includes('yes')) return 'match';
  return answers.includes('no') ? 'reject' : 'undecided';
}

function sshEvidence(record: SshRecord): readonly EvidenceDraft[] {
  const end = record.sentBy;
  return [
    ...draft(`ssh.${end}.software`, record.software, end),
    ...draft('ssh.protocol', end === 'server' ? record.protocolVersion : '', 'server'),
    ...draft(`ssh.${end}.hassh`, record.hassh, end),
    ...(end === 'server' ? record.algorithms.flatMap((name) => draft('ssh.server.algorithm', name, 'server')) : []),
  ];
}
