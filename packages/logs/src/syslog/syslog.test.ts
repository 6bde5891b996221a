import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SyslogFraming } from './framing.ts';
import { readSyslog } from './syslog.ts';

const READING = { arrivedMs: Date.UTC(2026, 11, 1), zoneMinutes: 0 };
const read = (line: string) => readSyslog(line, READING);

describe('A line of syslog', () => {
  it('is read as RFC 5424 has it, with structured data and escapes', () => {
    const line =
      '<165>1 2026-10-11T22:14:15.003Z mon1 app 99 ID47 [ex@32473 iut="3" s="a \\"b\\" \\] c"][x@1 y="z"] \ufeffLead off';
    expect(read(line)).toEqual({
      version: 'rfc5424',
      facility: 20,
      severity: 5,
      timeMs: Date.UTC(2026, 9, 11, 22, 14, 15, 3),
      host: 'mon1',
      program: 'app',
      processId: '99',
      messageId: 'ID47',
      structuredData: expect.objectContaining({ 'ex@32473.iut': '3', 'ex@32473.s': 'a "b" ] c', 'x@1.y': 'z' }),
      message: 'Lead off',
    });
  });

  it.each([
    ['<34>Oct 11 22:14:15 mymachine su: failed', 'mymachine', 'su', 'failed'],
    ['<13>Nov  3 08:15:02 10.0.0.7 app[12]: text: more', '10.0.0.7', 'app', 'text: more'],
    ['<13>Nov  3 08:15:02 app[12]: no host', '', 'app', 'no host'],
    ['<13>2026-11-03T08:15:02.5+01:00 h app: iso', 'h', 'app', 'iso'],
    ['Nov  3 08:15:02 h app[1]: of a file', 'h', 'app', 'of a file'],
    ['<13>just text', '', '', 'just text'],
  ])('"%s" is read as senders write it', (line, host, program, message) => {
    expect(read(line)).toMatchObject({ host, program, message });
  });

  it('of a log that begins with a time has no header', () => {
    expect(read('2026-11-30T08:15:02Z 42 [Note] text')).toMatchObject({ version: 'none', host: '' });
    expect(read('{"a":1}')).toMatchObject({ version: 'none', message: '{"a":1}' });
  });

  it('without a year is of the year that fits its arrival', () => {
    expect(read('<13>Nov 30 23:59:59 h a: b').timeMs).toBe(Date.UTC(2026, 10, 30, 23, 59, 59));
    const newYear = { arrivedMs: Date.UTC(2027, 0, 1, 0, 1), zoneMinutes: 0 };
    expect(readSyslog('<13>Dec 31 23:59:59 h a: b', newYear).timeMs).toBe(Date.UTC(2026, 11, 31, 23, 59, 59));
  });

  it('may say anything: nothing is thrown, and no text behind the header is lost', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map((text) => `<13>1 - - - - - [${text}`),
        ),
        (line) => {
          expect(line.endsWith(read(line).message)).toBe(true);
        },
      ),
    );
  });
});

describe('Framing', () => {
  const cut = (chunks: readonly Uint8Array[], maximumBytes = 1000) => {
    const framing = new SyslogFraming(maximumBytes);
    const messages = chunks.flatMap((chunk) => framing.push(chunk));
    return { messages: [...messages, ...framing.end()].map(String), truncated: framing.truncated };
  };

  it('takes octet counting, line feeds and NUL, mixed', () => {
    const { messages } = cut([Buffer.from('11 <13>a\nb c d<13>two\r\n<13>three\x007 <13>end<13>last')]);
    expect(messages).toEqual(['<13>a\nb c d', '<13>two', '<13>three', '<13>end', '<13>last']);
  });

  it('gives the same messages however the bytes are cut', () => {
    const message = fc.string({ maxLength: 40 }).map((text) => `<13>${text.replace(/[\n\r\0]/g, ' ').trim()}x`);
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 10 }),
        fc.array(fc.boolean()),
        fc.array(fc.nat(30)),
        (texts, modes, cuts) => {
          const bytes = Buffer.concat(
            texts.map((text, index) =>
              Buffer.from(modes[index] === true ? `${Buffer.byteLength(text)} ${text}` : `${text}\n`),
            ),
          );
          const chunks: Buffer[] = [];
          let at = 0;
          for (const length of cuts) {
            chunks.push(bytes.subarray(at, at + length));
            at += length;
          }
          chunks.push(bytes.subarray(at));
          expect(cut(chunks).messages).toEqual(texts);
        },
      ),
    );
  });

  it('cuts what is too long, counts it, and finds the next message', () => {
    const long = 'x'.repeat(5000);
    expect(cut([Buffer.from(`<13>${long}\n<13>next\n`)], 100)).toEqual({
      messages: [`<13>${long.slice(0, 96)}`, '<13>next'],
      truncated: 1,
    });
    expect(cut([Buffer.from(`5004 <13>${long}<13>next\n`)], 100)).toEqual({
      messages: [`<13>${long.slice(0, 96)}`, '<13>next'],
      truncated: 1,
    });
  });
});
