import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, le32, u16 } from '../testing/bytes.ts';
import {
  type ByteOrder,
  block,
  enhancedPacket,
  interfaceDescription,
  obsoletePacket,
  option,
  pcap,
  sectionHeader,
  simplePacket,
} from '../testing/capture-files.ts';
import { usedBytes } from '../testing/memory.ts';
import { CaptureReader } from './capture-reader.ts';

interface ReadPacket {
  readonly payload: readonly number[];
  readonly originalLength: number;
  readonly linkType: number;
  readonly timeMicros: number;
}

/** Reads a file in chunks that are overwritten behind the reader's back, as a stream may do with its own. */
function read(file: Uint8Array, chunkLengths: readonly number[] = []) {
  const packets: ReadPacket[] = [];
  const reader = new CaptureReader({
    packet: (buffer, offset, capturedLength, originalLength, linkType, timeMicros) => {
      expect(offset + capturedLength).toBeLessThanOrEqual(buffer.length);
      const payload = [...buffer.subarray(offset, offset + capturedLength)];
      packets.push({ payload, originalLength, linkType, timeMicros });
    },
  });
  for (let offset = 0, turn = 0; offset < file.length; turn++) {
    const length = chunkLengths.length === 0 ? file.length : (chunkLengths[turn % chunkLengths.length] ?? 1);
    const chunk = Buffer.from(file.subarray(offset, offset + length));
    reader.push(chunk);
    chunk.fill(0xee);
    offset += length;
  }
  return { packets, warnings: reader.end() };
}

const ORDERS: readonly ByteOrder[] = ['little', 'big'];
const FIRST = bytes('first packet');
const SECOND = bytes('second');
const YEAR_2026_SECONDS = 1_767_225_600;

describe.each(ORDERS)('a pcap file, %s endian', (order) => {
  it('gives each packet with its time in microseconds', () => {
    const file = pcap({ order }, [
      { seconds: YEAR_2026_SECONDS, fraction: 5, payload: FIRST },
      { seconds: YEAR_2026_SECONDS + 1, fraction: 999_999, payload: SECOND },
    ]);
    expect(read(file)).toEqual({
      packets: [
        { payload: [...FIRST], originalLength: 12, linkType: 1, timeMicros: YEAR_2026_SECONDS * 1e6 + 5 },
        { payload: [...SECOND], originalLength: 6, linkType: 1, timeMicros: YEAR_2026_SECONDS * 1e6 + 1_999_999 },
      ],
      warnings: [],
    });
  });

  it('of nanoseconds gives microseconds, rounded down', () => {
    const file = pcap({ order, magic: 0xa1b23c4d }, [{ seconds: 2, fraction: 1_999, payload: FIRST }]);
    expect(read(file).packets.map(({ timeMicros }) => timeMicros)).toEqual([2_000_001]);
  });

  it('of the patched libpcap is read behind its longer record headers', () => {
    const file = pcap({ order, magic: 0xa1b2cd34 }, [{ payload: FIRST, patched: new Uint8Array(8).fill(9) }]);
    expect(read(file).packets.map(({ payload }) => payload)).toEqual([[...FIRST]]);
  });

  it('of a snap length tells how long each packet was on the wire', () => {
    const file = pcap({ order, snapLength: 12 }, [{ payload: FIRST, originalLength: 1514 }]);
    expect(read(file).packets).toMatchObject([{ payload: [...FIRST], originalLength: 1514 }]);
  });

  it('names the link type, without what the upper bits say of checksums', () => {
    const linkTypes = [0, 101, 113, 276].map((linkType) =>
      read(pcap({ order, linkType: linkType | 0x2400_0000 }, [{ payload: FIRST }])).packets.map((one) => one.linkType),
    );
    expect(linkTypes).toEqual([[0], [101], [113], [276]]);
  });
});

describe.each(ORDERS)('a pcapng file, %s endian', (order) => {
  const start = [sectionHeader(order), interfaceDescription(order, 1)];

  it('gives packets of several interfaces, each with its own link type', () => {
    const file = bytes(
      ...start,
      interfaceDescription(order, 101),
      enhancedPacket(order, FIRST, { interfaceId: 1, time: 7n }),
      enhancedPacket(order, SECOND, { time: 8n, originalLength: 60 }),
    );
    expect(read(file).packets).toEqual([
      { payload: [...FIRST], originalLength: 12, linkType: 101, timeMicros: 7 },
      { payload: [...SECOND], originalLength: 60, linkType: 1, timeMicros: 8 },
    ]);
  });

  it.each([
    ['milliseconds', 3, 1_767_225_600_123n, 1_767_225_600_123_000],
    ['nanoseconds, every one of them', 9, 1_767_225_600_000_001_000n, 1_767_225_600_000_001],
    ['nanoseconds, rounded down', 9, 1_767_225_600_000_001_999n, 1_767_225_600_000_001],
    ['picoseconds', 12, 1_700_000_000_000_001n, 1_700_000_000],
    ['powers of two', 0x80 | 10, 3n * 1024n + 512n, 3_500_000],
  ])('counts time in %s where the interface says so', (_, resolution, time, timeMicros) => {
    const described = interfaceDescription(order, 1, { options: [option(order, 9, bytes(resolution))] });
    const file = bytes(sectionHeader(order), described, enhancedPacket(order, FIRST, { time }));
    expect(read(file).packets.map((packet) => packet.timeMicros)).toEqual([timeMicros]);
  });

  it('adds the offset in seconds that the interface gives, also behind other options', () => {
    const offset = order === 'little' ? bytes(le32(100), le32(0)) : bytes(new Uint8Array(7), 100);
    const options = [option(order, 2, bytes('eth0')), option(order, 14, offset), option(order, 0, bytes())];
    const described = interfaceDescription(order, 1, { options });
    const file = bytes(sectionHeader(order), described, enhancedPacket(order, FIRST, { time: 5n }));
    expect(read(file).packets.map(({ timeMicros }) => timeMicros)).toEqual([100_000_005]);
  });

  it('is not confused by options of a packet', () => {
    const options = [option(order, 1, bytes('a comment')), option(order, 0, bytes())];
    const file = bytes(...start, enhancedPacket(order, FIRST, { options }), enhancedPacket(order, SECOND));
    expect(read(file).packets.map(({ payload }) => payload)).toEqual([[...FIRST], [...SECOND]]);
  });

  it('gives simple packets the time of the packet before and the snap length of the interface', () => {
    const file = bytes(
      sectionHeader(order),
      interfaceDescription(order, 1, { snapLength: 6 }),
      enhancedPacket(order, FIRST, { time: 9n }),
      simplePacket(order, SECOND, 1000),
    );
    expect(read(file).packets[1]).toEqual({
      payload: [...SECOND],
      originalLength: 1000,
      linkType: 1,
      timeMicros: 9,
    });
  });

  it('gives the packets of the first drafts', () => {
    const file = bytes(...start, interfaceDescription(order, 228), obsoletePacket(order, FIRST, 1, 42n));
    expect(read(file).packets).toMatchObject([{ payload: [...FIRST], linkType: 228, timeMicros: 42 }]);
  });

  it('is read on behind blocks that nobody knows', () => {
    const file = bytes(...start, block(order, 0x0bad, bytes('names, keys, statistics')), enhancedPacket(order, FIRST));
    expect(read(file)).toMatchObject({ packets: [{ payload: [...FIRST] }], warnings: [] });
  });

  it('leaves out packets of an interface that was never described', () => {
    const file = bytes(...start, enhancedPacket(order, FIRST, { interfaceId: 7 }), enhancedPacket(order, SECOND));
    expect(read(file).packets.map(({ payload }) => payload)).toEqual([[...SECOND]]);
  });
});

describe('a pcapng file of several sections', () => {
  it('forgets interfaces and byte order of the section before', () => {
    const file = bytes(
      sectionHeader('little'),
      interfaceDescription('little', 1),
      enhancedPacket('little', FIRST, { time: 1n }),
      sectionHeader('big'),
      interfaceDescription('big', 113),
      enhancedPacket('big', SECOND, { time: 2n }),
    );
    expect(read(file).packets).toMatchObject([
      { payload: [...FIRST], linkType: 1, timeMicros: 1 },
      { payload: [...SECOND], linkType: 113, timeMicros: 2 },
    ]);
  });
});

/** Sound files of both formats with packets of any size, and where each packet ends in the file. */
const soundFile = fc
  .tuple(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }), fc.constantFrom(...ORDERS), fc.boolean())
  .map(([payloads, order, isNew]) => {
    const head = isNew ? bytes(sectionHeader(order), interfaceDescription(order, 1)) : pcap({ order }, []);
    const records = payloads.map((payload) =>
      isNew ? enhancedPacket(order, payload) : pcap({ order }, [{ payload }]).slice(head.length),
    );
    const ends = records.map((_, index) => bytes(head, ...records.slice(0, index + 1)).length);
    return { payloads, headLength: head.length, ends, file: bytes(head, ...records) };
  });
const chunkLengths = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 });
const payloadsOf = ({ packets }: ReturnType<typeof read>) => packets.map(({ payload }) => Uint8Array.from(payload));

describe('any capture file', () => {
  it('reads the same however it is cut into chunks, though the chunks are overwritten', () => {
    fc.assert(
      fc.property(soundFile, chunkLengths, ({ file, payloads }, lengths) => {
        const result = read(file, lengths);
        expect(payloadsOf(result)).toEqual(payloads);
        expect(result.warnings).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('that was cut off gives every packet before the cut, and says so where it was cut through a packet', () => {
    fc.assert(
      fc.property(soundFile, fc.nat(), chunkLengths, ({ file, headLength, ends, payloads }, cut, lengths) => {
        const length = headLength + (cut % (file.length - headLength + 1));
        const result = read(file.subarray(0, length), lengths);
        expect(payloadsOf(result)).toEqual(payloads.filter((_, index) => (ends[index] ?? 0) <= length));
        const isBetweenPackets = length === headLength || ends.includes(length);
        const warning = 'The capture file ends in the middle of a packet; everything before it was read.';
        expect(result.warnings).toEqual(isBetweenPackets ? [] : [warning]);
      }),
      { numRuns: 400 },
    );
  });

  it('that is damaged keeps every packet before the damage, and never throws', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(soundFile, damage, chunkLengths, ({ file, headLength, ends, payloads }, changes, lengths) => {
        fc.pre(file.length > headLength);
        const damaged = file.slice();
        const positions = changes.map(([position]) => headLength + (position % (file.length - headLength)));
        for (const [index, position] of positions.entries()) damaged[position] = changes[index]?.[1] ?? 0;
        const sound = payloads.filter((_, index) => (ends[index] ?? 0) <= Math.min(...positions));
        const result = read(damaged, lengths);
        expect(payloadsOf(result).slice(0, sound.length)).toEqual(sound);
        expect(read(damaged)).toEqual(result);
      }),
      { numRuns: 400 },
    );
  });

  it('that is none is refused in words', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 200 }), chunkLengths, (noise, lengths) => {
        fc.pre(noise[0] !== 0x0a && noise[0] !== 0xa1 && noise[0] !== 0xd4 && noise[0] !== 0x4d && noise[0] !== 0x34);
        expect(() => read(noise, lengths)).toThrow('This is neither a pcap nor a pcapng file.');
      }),
    );
    expect(() => read(bytes())).toThrow('The capture file is empty.');
    expect(() => read(bytes(0xd4, 0xc3))).toThrow('The file is too short to be a capture file.');
  });

  it.each([
    ['pcap', bytes(pcap({}, [{ payload: FIRST }]), le32(0), le32(0), le32(0x7fff_ffff), le32(60))],
    ['pcapng', bytes(sectionHeader('little'), interfaceDescription('little', 1), le32(6), le32(0x7fff_fffc), le32(0))],
    ['pcapng with a length of no block', bytes(sectionHeader('little'), le32(6), le32(13), le32(0))],
  ])('of %s that promises a packet of gigabytes is damaged there, whatever follows', (_, file) => {
    const { packets, warnings } = read(bytes(file, new Uint8Array(1000)), [100]);
    expect(packets.length).toBeLessThanOrEqual(1);
    expect(warnings).toEqual(['The capture file is damaged; everything up to the damage was read.']);
  });

  it('that promises megabytes takes memory for what has come, not for what was promised', () => {
    const promise = bytes(pcap({}, []), le32(0), le32(0), le32(16_000_000), le32(60));
    const before = usedBytes();
    const readers = Array.from({ length: 64 }, () => {
      const reader = new CaptureReader({ packet: () => {} });
      reader.push(promise);
      reader.push(new Uint8Array(1000));
      return reader;
    });
    expect(usedBytes() - before).toBeLessThan(4 * 1024 * 1024);
    for (const reader of readers) expect(reader.end()).toHaveLength(1);
  });

  it('with a large packet in many small chunks is read in one go', () => {
    const payload = Uint8Array.from({ length: 3_000_000 }, (_, index) => index % 251);
    const lengths: number[] = [];
    const reader = new CaptureReader({
      packet: (buffer, offset, length) => {
        lengths.push(length);
        expect(Buffer.compare(buffer.subarray(offset, offset + length), payload)).toBe(0);
      },
    });
    const file = pcap({}, [{ payload }, { payload }]);
    for (let offset = 0; offset < file.length; offset += 1000) reader.push(file.subarray(offset, offset + 1000));
    expect(reader.end()).toEqual([]);
    expect(lengths).toEqual([3_000_000, 3_000_000]);
  });

  it('may end with bytes of another program: the interface description that is too short says nothing', () => {
    const short = bytes(sectionHeader('little'), block('little', 1, bytes(u16(0))), enhancedPacket('little', FIRST));
    expect(read(short)).toEqual({ packets: [], warnings: [] });
  });
});
