import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { type FingerprintDatabase, RECOG_LIMITS } from './database.ts';
import { FingerprintMatcher } from './matcher.ts';
import { readFingerprintDatabase } from './read-database.ts';
import { foldCase, requiredTexts } from './required-text.ts';
import { translatePattern } from './ruby-pattern.ts';
import { verifyExample } from './verify-example.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const wrap = (fingerprints: string, head = 'matches="ssh.banner" protocol="SSH" preference="0.9"') =>
  bytes(`<?xml version="1.0"?>\n<fingerprints ${head}>\n${fingerprints}\n</fingerprints>`);

function read(fingerprints: string): FingerprintDatabase {
  const reading = readFingerprintDatabase(wrap(fingerprints), 'test');
  if (!reading.ok) throw new Error(reading.reason);
  return reading.database;
}

function matches(pattern: string, text: string, flags: readonly string[] = []): boolean {
  const translated = translatePattern(pattern, flags);
  if ('reason' in translated) throw new Error(translated.reason);
  return RE2JS.compile(translated.expression).matcher(text).find();
}

const OPENSSH = `<fingerprint pattern="^OpenSSH_([\\d.]+)(?:p(\\d))?" flags="REG_ICASE">
  <description>OpenSSH
    portable</description>
  <example service.version="9.2" _encoding="base64">T3BlblNTSF85LjJwMQ==</example>
  <param pos="0" name="service.vendor" value="OpenBSD"/>
  <param pos="1" name="service.version"/>
  <param pos="2" name="_tmp.patch"/>
  <param pos="0" name="service.cpe23" value="cpe:/a:openbsd:openssh:{service.version}"/>
  <param pos="0" name="os.product" value="patch {_tmp.patch}"/>
</fingerprint>`;

describe('a database in the format of recog', () => {
  it('is read with what it is for, its fingerprints, parameters and examples, each with its line', () => {
    const database = read(OPENSSH);
    expect(database).toMatchObject({ matches: 'ssh.banner', protocol: 'ssh', preference: 0.9, rejected: [] });
    expect(database.fingerprints[0]).toMatchObject({ description: 'OpenSSH portable', line: 3 });
    expect(database.fingerprints[0]?.examples).toEqual([
      { text: 'OpenSSH_9.2p1', expected: new Map([['service.version', '9.2']]), line: 6 },
    ]);
  });

  it('gives the values of the first fingerprint that matches, with what they name filled in', () => {
    const values = new FingerprintMatcher(read(OPENSSH)).match('openssh_9.2p1 Debian')?.values;
    expect(Object.fromEntries(values ?? [])).toEqual({
      'service.vendor': 'OpenBSD',
      'service.version': '9.2',
      'service.cpe23': 'cpe:/a:openbsd:openssh:9.2',
      'service.protocol': 'ssh',
      'os.product': 'patch 1',
    });
  });

  it('leaves out a value whose part is not there, and writes a version that is not there as CPE does', () => {
    const database = read(`<fingerprint pattern="^x(?:/(\\d+))?"><param pos="1" name="service.version"/>
      <param pos="0" name="service.cpe23" value="cpe:/a:x:x:{service.version}"/>
      <param pos="0" name="os.product" value="X {service.version}"/></fingerprint>`);
    const values = new FingerprintMatcher(database).match('x')?.values;
    expect(Object.fromEntries(values ?? [])).toEqual({ 'service.cpe23': 'cpe:/a:x:x:-', 'service.protocol': 'ssh' });
  });

  it('takes no name from the text that was matched', () => {
    const database = read(`<fingerprint pattern="^x (.*)$"><param pos="1" name="service.version"/>
      <param pos="0" name="a.b" value="{service.version}"/></fingerprint>`);
    expect(new FingerprintMatcher(database).match('x {a.b}')?.values.get('a.b')).toBe('{a.b}');
  });

  it('reads examples from files that its reader gives, as one character for each byte', () => {
    const content = wrap('<fingerprint pattern="^\\x04\\xff$"><example _filename="a.bin"/></fingerprint>');
    const reading = readFingerprintDatabase(content, 'test', (name) =>
      name === 'a.bin' ? Uint8Array.of(4, 255) : undefined,
    );
    if (!reading.ok) throw new Error(reading.reason);
    const [fingerprint] = reading.database.fingerprints;
    const [example] = fingerprint?.examples ?? [];
    expect(example?.text).toBe('\x04\xff');
    if (!fingerprint || !example) throw new Error('no example');
    expect(verifyExample(new FingerprintMatcher(reading.database), fingerprint, example)).toBeUndefined();
  });

  it('leaves out fingerprints that cannot be used, each with line and reason, and keeps the others', () => {
    const database = read(`<fingerprint pattern="(a+)+(?=b)"><description>looks</description></fingerprint>
<fingerprint pattern="["/>
<fingerprint pattern="a" flags="REG_NONE"/>
<fingerprint pattern="a"><param pos="1" name="b.c"/></fingerprint>
<fingerprint pattern="a"><param pos="0" name="b.c"/></fingerprint>
<fingerprint pattern="b"/>`);
    expect(database.fingerprints.map(({ pattern }) => pattern)).toEqual(['b']);
    expect(database.rejected.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7]);
    expect(database.rejected[0]).toMatchObject({
      description: 'looks',
      reason: expect.stringContaining('backtracking'),
    });
  });

  it('is refused as a whole when it is no XML, no database or too large', () => {
    for (const content of [bytes('<fingerprints>'), bytes('<a/>'), bytes(''), new Uint8Array(17 * 1024 * 1024)]) {
      expect(readFingerprintDatabase(content, 'test')).toMatchObject({ ok: false, reason: expect.any(String) });
    }
  });

  it('expands no entity that it defines', () => {
    const bomb = bytes('<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><fingerprints>&d;</fingerprints>');
    expect(readFingerprintDatabase(bomb, 'test').ok).toBe(false);
  });
});

describe('an example', () => {
  it('fails when an earlier fingerprint matches it, none does, or a value is another', () => {
    const database = read(`<fingerprint pattern="^a"/>
<fingerprint pattern="^ab"><example>abc</example><example>zzz</example></fingerprint>
<fingerprint pattern="^c(.)"><param pos="1" name="x.y"/><example x.y="2">c1</example></fingerprint>`);
    const matcher = new FingerprintMatcher(database);
    const causes = database.fingerprints.flatMap((one) =>
      one.examples.map((example) => verifyExample(matcher, one, example)?.cause),
    );
    expect(causes).toEqual(['an earlier fingerprint matches too', 'no fingerprint matches', 'another value']);
  });
});

describe('a pattern of Ruby', () => {
  it('means the same to RE2', () => {
    expect(matches('^b$', 'a\nb\nc')).toBe(true);
    expect(matches('\\Ab\\z', 'a\nb')).toBe(false);
    expect(matches('b\\Z', 'b\n')).toBe(true);
    expect(matches('a.b', 'a\nb')).toBe(false);
    expect(matches('a.b', 'a\nb', ['REG_MULTILINE'])).toBe(true);
    expect(matches('(?m:a.b)', 'a\nb')).toBe(true);
    expect(matches('(?i)ABC', 'abc')).toBe(true);
    expect(matches('(?-i)ABC', 'abc', ['REG_ICASE'])).toBe(false);
    expect(matches('^\\h+$', '0aF')).toBe(true);
    expect(matches('^[\\h:]+$', '0a:Fz')).toBe(false);
    expect(matches('^a\\sb[\\s]$', 'a\vb\v')).toBe(true);
    expect(matches('^\\u00e9\\x41\\_\\i$', 'éA_i')).toBe(true);
    expect(matches('^a{,2}$', 'aa')).toBe(true);
    expect(matches('^a(?#b)c$', 'ac')).toBe(true);
    expect(matches('^[]a]+$', ']a')).toBe(true);
    expect(matches('^[[:digit:]-]+$', '1-2')).toBe(true);
  });

  it('counts plain groups only where none has a name', () => {
    expect(translatePattern('(a)(?<b>c)', [])).toMatchObject({ groups: 1 });
    expect(translatePattern('(a)(b)', [])).toMatchObject({ groups: 2 });
  });

  it('that needs backtracking or repeats too much is refused', () => {
    for (const pattern of ['(a)\\1', 'a(?!b)', '(?<=a)b', '(?>a)b', 'a++', 'a*+', '(?:a{900}){900}', '(?x)a', 'a\\']) {
      expect(translatePattern(pattern, []), pattern).toHaveProperty('reason');
    }
  });

  it('tells texts that each match holds', () => {
    const of = (pattern: string) => {
      const translated = translatePattern(pattern, []);
      return 'expression' in translated ? requiredTexts(translated.expression) : undefined;
    };
    expect(of('^Apache/(\\d+) \\(Ubuntu\\)')).toEqual([' (ubuntu)', 'apache/']);
    expect(of('colou?r')).toEqual(['colo', 'r']);
    expect(of('a|b')).toEqual([]);
    expect(of('x(?:ab|c)y(?:de)+z?(?:f)*')).toEqual(['de', 'x', 'y']);
    expect(of('[ab]c{0,2}d{2}[^\\]]')).toEqual(['d']);
  });
});

describe('hostile input', () => {
  it('makes neither the reader nor the matcher throw', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '(',
        ')',
        '[',
        ']',
        '\\',
        '?',
        '*',
        '+',
        '{',
        '|',
        '^',
        '(?i)',
        '(?<n>',
        '\\Q',
        '[[:alpha:]]',
        '{2}',
      ),
    );
    const pattern = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(pattern, fc.string({ unit: 'binary' }), (source, text) => {
        const escaped = source.replace(/[^ -~]|[<&"]/g, (character) => `&#${character.charCodeAt(0)};`);
        const reading = readFingerprintDatabase(wrap(`<fingerprint pattern="${escaped}"/>`), 'test');
        if (reading.ok) new FingerprintMatcher(reading.database).match(text);
        // What is skipped for want of a text is never what would have matched.
        const translated = translatePattern(source, []);
        if ('reason' in translated || !RE2JS.compile(translated.expression).matcher(text).find()) return;
        for (const part of requiredTexts(translated.expression)) expect(foldCase(text)).toContain(part);
      }),
    );
    fc.assert(fc.property(fc.uint8Array(), (content) => void readFingerprintDatabase(content, 'test')));
  });

  it('is looked at in part only when it is long', () => {
    const matcher = new FingerprintMatcher(read('<fingerprint pattern="(?:a*)*b$"/>'));
    expect(matcher.match('a'.repeat(1_000_000))).toBeUndefined();
    expect(matcher.match(`${' '.repeat(RECOG_LIMITS.textLength)}b`)).toBeUndefined();
  });
});
