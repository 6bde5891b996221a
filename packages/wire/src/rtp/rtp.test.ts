import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { createSensor } from '../create-sensor.ts';
import { bytes, u16, u32 } from '../testing/bytes.ts';
import { recordsOf, sense } from '../testing/capture.ts';
import { type ConversationEnds, ConversationFeed } from '../testing/conversation-packets.ts';
import { promisesOfDatagramRoom } from '../testing/fuzz.ts';
import { client, evidenceOf, server, type Turn } from '../testing/play.ts';
import { isMediaPacket } from './header.ts';
import { rtp } from './protocol.ts';
import { RtpStream } from './stream.ts';
import type { MediaDescription } from './types.ts';

const SOURCE = 0x1234abcd;

function packet(number: number, stamp: number, type = 8, payload = new Uint8Array(160), source = SOURCE): Uint8Array {
  return bytes(0x80, type, u16(number & 0xffff), u32(stamp >>> 0), u32(source), payload);
}

/** @returns what is counted of packets with these numbers, twenty milliseconds apart */
function counted(numbers: readonly number[], media?: MediaDescription) {
  const stream = new RtpStream(SOURCE, 'client', media);
  numbers.forEach((number, index) => {
    stream.packet(packet(number, index * 160), index * 20_000);
  });
  return stream.record();
}

const PHONES: ConversationEnds = { clientIp: '10.0.0.5', serverIp: '10.0.0.9', clientPort: 5060, serverPort: 5060 };
const MEDIA: ConversationEnds = { clientIp: '10.0.0.5', serverIp: '10.9.9.9', clientPort: 16_384, serverPort: 20_002 };

function description(ip: string, port: number, profile = 'RTP/AVP', lines: readonly string[] = []): string {
  const media = [`m=audio ${port} ${profile} 96 101`, 'a=rtpmap:96 opus/48000/2', 'a=rtpmap:101 telephone-event/8000'];
  return ['v=0', 'o=- 1 1 IN IP4 x', 's=-', `c=IN IP4 ${ip}`, 't=0 0', ...media, ...lines, ''].join('\r\n');
}

function call(offer: string, answer: string, type = 'application/sdp'): Turn[] {
  const head = (first: string, body: string) =>
    `${first}\r\nCall-ID: 7@ward\r\nCSeq: 1 INVITE\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  return [client(bytes(head('INVITE sip:nurse@ward SIP/2.0', offer))), server(bytes(head('SIP/2.0 200 OK', answer)))];
}

const speech = (count: number, source = SOURCE): Turn[] =>
  Array.from({ length: count }, (_, index) => client(packet(index, index * 960, 96, new Uint8Array(41), source)));

/** @returns streams and protocols of the flows of a call and of what goes between its ends */
function heard(signalling: readonly Turn[], media: readonly Turn[], ends = MEDIA) {
  const sensor = createSensor({ source: 'test', isSample: false });
  const feed = new ConversationFeed(sensor);
  if (signalling.length > 0) feed.datagrams(PHONES, signalling);
  feed.datagrams(ends, media);
  sensor.finish();
  const batch = sensor.takeBatch();
  return { streams: recordsOf(batch, 'rtp'), protocols: batch.flows.map(({ protocol }) => protocol).sort() };
}

describe('A stream of media', () => {
  it('counts what is lost, out of order and sent twice, around the end of the numbers too', () => {
    expect(counted([1, 2, 3, 4])).toMatchObject({ packets: 4, lost: 0, outOfOrder: 0, duplicates: 0 });
    expect(counted([1, 2, 5, 6])).toMatchObject({ packets: 4, lost: 2 });
    expect(counted([1, 2, 4, 3, 5])).toMatchObject({ packets: 5, lost: 0, outOfOrder: 1 });
    expect(counted([1, 2, 2, 3])).toMatchObject({ packets: 4, lost: 0, duplicates: 1 });
    expect(counted([65_534, 65_535, 0, 2])).toMatchObject({ packets: 4, lost: 1 });
  });

  it('that begins anew goes on, and a stray packet changes nothing', () => {
    expect(counted([1, 2, 30_000, 3, 4])).toMatchObject({ packets: 5, lost: 0 });
    expect(counted([1, 2, 4, 30_000, 30_001, 30_003])).toMatchObject({ packets: 6, lost: 2 });
    expect(counted([1, 2, 65_000, 65_001, 65_002])).toMatchObject({ lost: 0 });
  });

  it('has the variation of its arrival as RFC 3550 §6.4.1 reckons it, and how long it lasted', () => {
    const stream = new RtpStream(SOURCE, 'client', undefined);
    [0, 20_000, 45_000, 60_000].forEach((micros, index) => {
      stream.packet(packet(index, index * 160), micros);
    });
    // Changes of 0, 40 and 40 ticks of 8 kHz: 0, 40/16, then 2.5 + (40 − 2.5)/16 ticks.
    const ticks = 2.5 + (40 - 2.5) / 16;
    expect(stream.record()).toMatchObject({ durationMs: 60, codec: 'PCMA', kind: 'audio' });
    expect(stream.record().jitterMs).toBeCloseTo(ticks / 8, 6);
  });

  it('counts keys that were pressed, never which', () => {
    const stream = new RtpStream(SOURCE, 'client', undefined);
    stream.packet(packet(1, 0), 0);
    for (const [number, stamp] of [
      [2, 160],
      [3, 160],
      [4, 160],
      [5, 800],
    ] as const) {
      stream.packet(packet(number, stamp, 101, new Uint8Array([5, 10, 0, 160])), number * 20_000);
    }
    expect(stream.record()).toMatchObject({ telephoneEvents: 2, packets: 5, lost: 0, codec: 'PCMA' });
  });
});

describe('Media of a call', () => {
  it('are known by the session description, with codec and encryption, from their first packet', () => {
    const { streams, protocols } = heard(
      call(description('10.0.0.5', 16_384), description('10.9.9.9', 20_002)),
      speech(3),
    );
    expect(protocols).toEqual(['rtp', 'sip']);
    expect(streams).toMatchObject([
      {
        codec: 'opus',
        kind: 'audio',
        isAnnounced: true,
        isEncrypted: false,
        packets: 3,
        sentBy: 'client',
        source: '1234abcd',
      },
    ]);
    expect(evidenceOf(rtp, streams as never)).toEqual(['rtp.codec=opus (client)', 'rtp.encrypted=false (client)']);
  });

  it.each([
    ['a secure profile', description('10.9.9.9', 20_002, 'RTP/SAVP')],
    ['DTLS', description('10.9.9.9', 20_002, 'UDP/TLS/RTP/SAVPF')],
    [
      'keys in the description',
      description('10.9.9.9', 20_002, 'RTP/AVP', ['a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x']),
    ],
  ])('are told to be encrypted by %s', (_, answer) => {
    expect(heard(call('', answer), speech(3)).streams).toMatchObject([{ isEncrypted: true }]);
  });

  it('are known by a description that is one part of a body', () => {
    const part = `--b\r\nContent-Type: application/sdp\r\n\r\n${description('10.9.9.9', 20_002)}\r\n--b--\r\n`;
    expect(heard(call('', part, 'multipart/mixed;boundary=b'), speech(2)).streams).toMatchObject([{ codec: 'opus' }]);
  });

  it('that nobody announced are known by two packets that follow one another, not by their look', () => {
    expect(heard([], speech(4)).streams).toMatchObject([
      { isAnnounced: false, codec: '', payloadType: 96, packets: 3 },
    ]);
    const strays = [1, 2, 3, 4].map((source) => client(packet(source * 7000, 0, 96, new Uint8Array(41), source)));
    expect(heard([], strays).protocols).toEqual(['unknown']);
  });

  it('do not make media of what else goes to the announced address', () => {
    const announced = call(description('10.0.0.5', 16_384), description('10.9.9.9', 20_002));
    const binding = bytes(u16(1), u16(0), 0x21, 0x12, 0xa4, 0x42, 'transaction1');
    expect(heard(announced, [client(binding)]).protocols).toEqual(['sip', 'stun']);
    expect(heard(call('', description('0.0.0.0', 20_002)), [client(bytes('hello, hello, hello'))]).protocols).toEqual([
      'sip',
      'unknown',
    ]);
  });

  it('keep their reports on the same port apart', () => {
    const report = bytes(0x80, 200, u16(6), u32(SOURCE), new Uint8Array(20));
    const { streams } = heard([], [...speech(3), client(report)]);
    expect(streams).toMatchObject([{ packets: 2 }]);
  });

  it('of many sources are counted within bounds', () => {
    const many = Array.from({ length: 400 }, (_, source) => speech(2, source + 1)).flat();
    expect(heard(call('', description('10.9.9.9', 20_002)), many).streams).toHaveLength(16);
  });
});

describe('The head of a media packet', () => {
  it.each([
    ['no packet', bytes(0x80, 8)],
    ['another version', bytes(0x40, new Uint8Array(20))],
    ['control', bytes(0x80, 200, new Uint8Array(20))],
    ['more contributing sources than bytes', bytes(0x8f, new Uint8Array(20))],
    ['an extension beyond the end', bytes(0x90, 8, new Uint8Array(12), u16(50), new Uint8Array(8))],
  ])('is none of %s', (_, content) => {
    expect(isMediaPacket(content)).toBe(false);
  });
});

const CALL = sharedData('ndpi/pcap/sip.pcap');
const MIXED = sharedData('ndpi/pcap/rtp.pcapng');
const SKINNY = sharedData('ndpi/pcap/skinny.pcap');

describe.skipIf(CALL === undefined)('Recorded calls (needs shared/data/ndpi)', () => {
  it('announce by SIP what then comes, with the jitter that tshark reckons', () => {
    const [stream] = recordsOf(sense(CALL ?? ''), 'rtp');
    expect(stream).toMatchObject({ codec: 'PCMA', isAnnounced: true, isEncrypted: false, packets: 9, lost: 0 });
    expect((stream as { jitterMs?: number }).jitterMs).toBeCloseTo(7.799, 2);
  });

  it('are known without any announcement: video, audio of agreed types, phones of another signalling', () => {
    expect(recordsOf(sense(MIXED ?? ''), 'rtp')).toMatchObject([
      { codec: 'H263', kind: 'video', isAnnounced: false },
      { codec: '', payloadType: 111, isAnnounced: false },
    ]);
    const phones = recordsOf(sense(SKINNY ?? ''), 'rtp') as readonly { codec?: string }[];
    expect(phones.length).toBeGreaterThanOrEqual(5);
    expect(phones.every(({ codec }) => codec === 'PCMU')).toBe(true);
  });
});

promisesOfDatagramRoom(rtp, [packet(1, 160), packet(2, 320, 96), bytes(0x91, 96, packet(3, 1).subarray(2))]);
