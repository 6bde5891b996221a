import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes } from '../testing/bytes.ts';
import { ALL_FILES, hearFiles } from '../testing/files.ts';
import { client } from '../testing/play.ts';
import { decodeContent } from './content-coding.ts';
import { DottedMessage } from './dotted-message.ts';
import { FileTypes } from './file-type.ts';
import { MailMessage } from './mail-message.ts';
import { MultipartReader, type PartSink } from './multipart.ts';
import { PlacedFile } from './placed-file.ts';
import type { FileSink, FileStart } from './types.ts';

/** Gathers what it is given, as text. */
class Gathered implements PartSink {
  text = '';
  ended = 0;

  write(part: Uint8Array): void {
    this.text += Buffer.from(part).toString('latin1');
  }

  gap(length: number): void {
    this.text += `[${length} lost]`;
  }

  end(): void {
    this.ended += 1;
  }
}

class GatheringSink implements FileSink {
  readonly files: { readonly start: FileStart; readonly gathered: Gathered }[] = [];
  held = 0;

  begin(start: FileStart) {
    const gathered = new Gathered();
    this.files.push({ start, gathered });
    return { write: (part: Uint8Array) => gathered.write(part), gap: (n: number) => gathered.gap(n), end: () => NEVER };
  }

  hold(length: number): boolean {
    this.held += length;
    return this.held <= 100_000;
  }

  release(length: number): void {
    this.held -= length;
  }
}

const NEVER = undefined as never;
const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
const content = fc.string({ unit: fc.constantFrom('a', 'b', '\r', '\n', '-', '--x', '.', ' '), maxLength: 80 });

function* pieces(text: string, lengths: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    yield bytes(text.slice(at, at + length));
    at += length;
  }
}

describe('what carries files, from somebody who means harm', () => {
  it('parts of a multipart body come out as they went in, however the body is cut', () => {
    fc.assert(
      fc.property(fc.array(content, { minLength: 1, maxLength: 4 }), cuts, (parts, lengths) => {
        const whole = parts.map((part) => `--bound\r\nA: b\r\n\r\n${part}\r\n`).join('');
        const sinks: Gathered[] = [];
        const reader = new MultipartReader('bound', () => {
          const sink = new Gathered();
          sinks.push(sink);
          return sink;
        });
        for (const piece of pieces(`preamble\r\n${whole}--bound--\r\nepilogue`, lengths)) reader.push(piece);
        reader.end(true);
        expect(sinks.map(({ text }) => text)).toEqual(parts);
        expect(sinks.every(({ ended }) => ended === 1)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('a message that ends with a dot loses its added dots and nothing else, however it is cut', () => {
    const lines = fc.array(fc.constantFrom('.', '..', 'a', '', '.a', 'b.', '...'), { maxLength: 8 });
    fc.assert(
      fc.property(lines, cuts, (said, lengths) => {
        const sent = said.map((line) => `${line.startsWith('.') ? '.' : ''}${line}\r\n`).join('');
        const sink = new Gathered();
        const message = new DottedMessage(sink);
        for (const piece of pieces(`${sent}.\r\n`, lengths)) message.push(piece);
        expect(sink.text).toBe(said.map((line) => `${line}\r\n`).join(''));
        expect(message.hasEnded).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('pieces placed in any order are one file, or its gaps are told, and nothing is held afterwards', () => {
    const plan = fc.array(
      fc.record({ at: fc.integer({ min: 0, max: 300 }), length: fc.integer({ min: 0, max: 60 }) }),
      {
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(plan, (placed) => {
        const model = Array.from({ length: 400 }, (_, at) => String.fromCharCode(65 + (at % 26)));
        const sink = new GatheringSink();
        const file = new PlacedFile(sink.begin({ direction: 'to-server', name: '', declaredType: '' }), sink);
        const seen = new Set<number>();
        for (const { at, length } of placed) {
          for (let offset = at; offset < at + length; offset++) seen.add(offset);
          file.place(at, bytes(model.slice(at, at + length).join('')));
        }
        file.end(true);
        const last = Math.max(-1, ...seen);
        const expected = model
          .slice(0, last + 1)
          .map((character, at) => (seen.has(at) ? character : '?'))
          .join('')
          .replace(/\?+/g, (gap) => `[${gap.length} lost]`);
        expect(sink.files[0]?.gathered.text).toBe(expected);
        expect(sink.held).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('mail of any bytes, cut anywhere, ends and throws nothing', () => {
    const noise = fc.string({
      unit: fc.constantFrom(
        '\r\n',
        'Content-Type: multipart/mixed; boundary=a',
        '--a',
        '--',
        'x',
        ';',
        '=',
        'name=',
        ': ',
      ),
      maxLength: 60,
    });
    fc.assert(
      fc.property(noise, cuts, (text, lengths) => {
        const sink = new GatheringSink();
        const message = new MailMessage('to-server', sink);
        for (const piece of pieces(text, lengths)) message.write(piece);
        message.gap(10);
        message.write(bytes(text));
        message.end(false);
      }),
      { numRuns: 300 },
    );
  });

  it('bytes that are no compressed data stay what they are or give nothing, within the limit', () => {
    const codings = fc.constantFrom('gzip', 'deflate', 'br', 'zstd', 'gzip, deflate, br', '');
    const start = fc.constantFrom([], [0x1f, 0x8b], [0x78, 0x9c], [0x28, 0xb5, 0x2f, 0xfd]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), codings, start, (noise, names, first) => {
        expect(decodeContent(Buffer.from([...first, ...noise]), names, 4096).bytes.length).toBeLessThanOrEqual(4096);
      }),
      { numRuns: 300 },
    );
  });

  it('any bytes have a type', () => {
    const types = new FileTypes(ALL_FILES.types);
    const starts = fc.constantFrom('MZ', 'PK\x03\x04', '%PDF-', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', '');
    fc.assert(
      fc.property(starts, fc.uint8Array({ maxLength: 600 }), (first, rest) => {
        expect(types.identify(bytes(first, rest)).id).not.toBe('');
      }),
      { numRuns: 300 },
    );
  });

  it('files that never end are held within the limit of all of them', () => {
    const limits = { contentBytes: 50_000, totalContentBytes: 100_000 };
    const upload = bytes('PUT /a HTTP/1.1\r\nContent-Length: 900000\r\n\r\n', new Uint8Array(40_000).fill(65));
    const connections = Array.from({ length: 20 }, () => ({ turns: [client(upload)] }));
    const { files, batch } = hearFiles(connections, { ...ALL_FILES, limits });
    const held = files.reduce((sum, { content: part }) => sum + (part?.length ?? 0), 0);
    expect(files).toHaveLength(20);
    expect(held).toBeLessThanOrEqual(100_000);
    expect(batch.statistics.files.contentBytesShed).toBeGreaterThanOrEqual(20 * 40_000 - 100_000);
  });
});
