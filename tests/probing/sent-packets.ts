import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Cable } from './cable.ts';

/** RFC 9293 §3.1. */
const FIN = 1;
const SYN = 2;
const RST = 4;

/** A packet that left whoever asks, as tcpdump saw it. */
export interface SentPacket {
  readonly kind: 'tcp' | 'udp' | 'arp' | 'other';
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly localPort: number;
  readonly port: number;
  readonly isSyn: boolean;
  readonly isEnd: boolean;
  readonly sequence: number;
  readonly data: Buffer;
}

/** Listens with tcpdump at the end of the cable where whoever asks stands; hears what leaves, and nothing else. */
export class SentPackets {
  readonly #tcpdump: ChildProcess;
  readonly #file: string;

  private constructor(tcpdump: ChildProcess, file: string) {
    this.#tcpdump = tcpdump;
    this.#file = file;
  }

  static async listen(cable: Cable, folder: string): Promise<SentPackets> {
    const file = join(folder, 'sent.pcap');
    const options = ['-i', cable.askerInterface, '-Q', 'out', '-U', '--immediate-mode', '-s', '0', '-w', file];
    const [command, parameters] = cable.onAsker('tcpdump', ...options, '-Z', 'root');
    const tcpdump = spawn(command, parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
    await new Promise<void>((ready, fail) => {
      let said = '';
      tcpdump.stderr.on('data', (text) => {
        said += text;
        if (said.includes('listening on')) ready();
      });
      tcpdump.once('exit', () => fail(new Error(`tcpdump ended: ${said}`)));
    });
    return new SentPackets(tcpdump, file);
  }

  /** Everything that has left so far. */
  async read(): Promise<readonly SentPacket[]> {
    // What has left is written within a moment.
    await pause(300);
    return packetsOf(await readFile(this.#file));
  }

  stop(): void {
    this.#tcpdump.kill();
  }
}

/** pcap of this machine (little endian, microseconds, Ethernet), IPv4 without options of note. */
function packetsOf(file: Buffer): SentPacket[] {
  const packets: SentPacket[] = [];
  for (let at = 24; at + 16 <= file.length; ) {
    const length = file.readUInt32LE(at + 8);
    const time = file.readUInt32LE(at) * 1000 + file.readUInt32LE(at + 4) / 1000;
    const frame = file.subarray(at + 16, at + 16 + length);
    if (frame.length === length) packets.push(packetOf(frame, time));
    at += 16 + length;
  }
  return packets;
}

function packetOf(frame: Buffer, time: number): SentPacket {
  const nothing = { localPort: 0, port: 0, isSyn: false, isEnd: false, sequence: 0, data: Buffer.alloc(0), time };
  const etherType = frame.readUInt16BE(12);
  if (etherType === 0x0806) return { ...nothing, kind: 'arp' };
  const protocol = frame[23];
  if (etherType !== 0x0800 || (protocol !== 6 && protocol !== 17)) return { ...nothing, kind: 'other' };
  const packet = frame.subarray(14, 14 + frame.readUInt16BE(16));
  const segment = packet.subarray(((packet[0] ?? 0) & 15) * 4);
  const ports = { time, localPort: segment.readUInt16BE(0), port: segment.readUInt16BE(2) };
  if (protocol === 17) return { ...nothing, ...ports, kind: 'udp', data: segment.subarray(8) };
  const flags = segment[13] ?? 0;
  const data = segment.subarray(((segment[12] ?? 0) >> 4) * 4);
  const sequence = segment.readUInt32BE(4);
  return { ...ports, kind: 'tcp', isSyn: (flags & SYN) !== 0, isEnd: (flags & (FIN | RST)) !== 0, sequence, data };
}

/** A row of the record, as the API gives it. */
export interface RecordRow {
  readonly probe: string;
  readonly direction: 'sent' | 'received';
  readonly kind: 'open' | 'data' | 'end';
  readonly transport: 'tcp' | 'udp';
  readonly port: number;
  readonly connection: number;
  readonly packets: number;
  readonly bytes: number;
  readonly data: string | null;
}

/**
 * Holds what was seen on the wire against the record of what was sent. Acknowledgements without data, and the question which
 * hardware address has an address (ARP), are the operating system's.
 *
 * @returns in words what does not agree
 */
export function disagreements(packets: readonly SentPacket[], rows: readonly RecordRow[]): string[] {
  const sent = rows.filter(({ direction }) => direction === 'sent');
  const strange = packets.filter(({ kind }) => kind === 'other').map(() => 'a packet that is neither TCP, UDP nor ARP');
  return [...strange, ...inTcp(packets, sent), ...inUdp(packets, sent)];
}

interface Told {
  readonly port: number;
  data: Buffer;
  packets: number;
  isEnded: boolean;
}

function inTcp(packets: readonly SentPacket[], rows: readonly RecordRow[]): string[] {
  const told = connectionsOf(rows.filter(({ transport }) => transport === 'tcp'));
  const seen = Map.groupBy(
    packets.filter(({ kind }) => kind === 'tcp'),
    ({ localPort, port }) => `${localPort} ${port}`,
  );
  const flows = [...seen.values()];
  const problems: string[] = [];
  const ports = new Set([...told.map(({ port }) => port), ...flows.map(([first]) => first?.port ?? 0)]);
  for (const port of ports) {
    const toldThere = told.filter((one) => one.port === port);
    const seenThere = flows.filter(([first]) => first?.port === port);
    if (toldThere.length !== seenThere.length)
      problems.push(`port ${port}: ${seenThere.length} connections seen, ${toldThere.length} on record`);
    for (const [index, flow] of seenThere.entries()) {
      const record = toldThere[index];
      if (record !== undefined) problems.push(...inFlow(flow, record).map((text) => `port ${port}: ${text}`));
    }
  }
  return problems;
}

function inFlow(flow: readonly SentPacket[], { data, packets, isEnded }: Told): string[] {
  const problems: string[] = [];
  const syns = flow.filter(({ isSyn }) => isSyn);
  if (syns.length === 0) problems.push('data without a connection');
  if (syns.length > packets) problems.push(`${syns.length} times opened, ${packets} packets on record`);
  const said = new Map(flow.filter((one) => one.data.length > 0).map((one) => [one.sequence, one.data]));
  const bytes = Buffer.concat([...said.values()]);
  if (!bytes.equals(data)) problems.push(`${bytes.length} bytes seen, ${data.length} others on record`);
  if (flow.some(({ isEnd }) => isEnd) !== isEnded)
    problems.push(isEnded ? 'an end that was not sent' : 'an end without record');
  return problems;
}

/** The probes of a device follow one another, so the last connection that was opened under a number is meant by it. */
function connectionsOf(rows: readonly RecordRow[]): Told[] {
  const all: Told[] = [];
  const open = new Map<string, Told>();
  for (const { probe, port, connection, kind, packets, data } of rows) {
    const key = `${probe} ${port} ${connection}`;
    if (kind === 'open') {
      const told = { port, data: Buffer.alloc(0), packets, isEnded: false };
      all.push(told);
      open.set(key, told);
      continue;
    }
    const told = open.get(key);
    if (told === undefined) continue;
    if (kind === 'end') told.isEnded = true;
    else told.data = Buffer.concat([told.data, Buffer.from(data ?? '', 'base64')]);
  }
  return all;
}

function inUdp(packets: readonly SentPacket[], rows: readonly RecordRow[]): string[] {
  const textOf = (port: number, data: Buffer) => `${port} ${data.toString('base64')}`;
  const seen = packets.filter(({ kind }) => kind === 'udp').map(({ port, data }) => textOf(port, data));
  const told = rows
    .filter(({ transport, kind }) => transport === 'udp' && kind === 'data')
    .map(({ port, data }) => textOf(port, Buffer.from(data ?? '', 'base64')));
  return [
    ...seen.filter((text) => !told.includes(text)).map((text) => `a datagram without record: ${text}`),
    ...(seen.length === told.length ? [] : [`${seen.length} datagrams seen, ${told.length} on record`]),
  ];
}
