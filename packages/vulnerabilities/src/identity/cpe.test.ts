import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCpe, formatCpeUri, parseCpe } from './cpe.ts';
import { compareCpe } from './match-cpe.ts';

const relation = (source: string, target: string) => {
  const [first, second] = [parseCpe(source), parseCpe(target)];
  return first === undefined || second === undefined ? 'no name' : compareCpe(first, second);
};

describe('a CPE name', () => {
  it.each([
    // Examples of NISTIR 7695, §6.1.2 and §6.2.2.
    [
      'cpe:/a:microsoft:internet_explorer:8.0.6001:beta',
      'cpe:2.3:a:microsoft:internet_explorer:8.0.6001:beta:*:*:*:*:*:*',
    ],
    ['cpe:/a:microsoft:internet_explorer:8.%02:sp%01', 'cpe:2.3:a:microsoft:internet_explorer:8.*:sp?:*:*:*:*:*:*'],
    [
      'cpe:/a:hp:insight_diagnostics:7.4.0.1570:-:~~online~win2003~x64~',
      'cpe:2.3:a:hp:insight_diagnostics:7.4.0.1570:-:*:*:online:win2003:x64:*',
    ],
    [
      'cpe:/a:hp:openview_network_manager:7.51::~~~linux~~',
      'cpe:2.3:a:hp:openview_network_manager:7.51:*:*:*:*:linux:*:*',
    ],
    [
      'cpe:/a:foo%5cbar:big%24money_manager_2010:::~~special~ipod_touch~80gb~',
      String.raw`cpe:2.3:a:foo\\bar:big\$money_manager_2010:*:*:*:*:special:ipod_touch:80gb:*`,
    ],
  ])('is %s and %s', (uri, formatted) => {
    const [first, second] = [parseCpe(uri), parseCpe(formatted)];
    expect(first).toEqual(second);
    expect(first && formatCpe(first)).toBe(formatted);
    expect(second && formatCpeUri(second)).toBe(uri);
  });

  it('keeps what is quoted: a colon, a hyphen alone, a star', () => {
    const name = parseCpe(String.raw`cpe:2.3:a:a\:b:\-:\*:*:*:*:*:*:*:*`);
    expect(name).toMatchObject({
      vendor: { text: 'a:b' },
      product: { kind: 'text', text: '-' },
      version: { text: '*', before: 0 },
    });
    expect(name && formatCpe(name)).toBe(String.raw`cpe:2.3:a:a\:b:\-:\*:*:*:*:*:*:*:*`);
  });

  it.each([
    '',
    'cpe:2.3',
    'cpe:2.3:x:a:b',
    'cpe:2.3:a:fo*o:b',
    'cpe:/a:foo%:b',
    'cpe:/a:%02foo%02bar',
    'purl:a',
    `cpe:2.3:a${':b'.repeat(11)}`,
  ])('is not "%s"', (text) => expect(parseCpe(text)).toBeUndefined());

  it('survives both bindings, and hostile text is not thrown at', () => {
    const value = fc.oneof(
      fc.constantFrom('*', '-', '1.*', '?2', 'sp??'),
      fc
        .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 6 })
        .map((text) => text.replaceAll(/[^a-z0-9]/gi, String.raw`\$&`)),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 10, maxLength: 10 }), fc.string(), (values, hostile) => {
        const name = parseCpe(`cpe:2.3:a:${values.join(':')}`);
        expect(name).toBeDefined();
        expect(name && parseCpe(formatCpe(name))).toEqual(name);
        parseCpe(`cpe:/${hostile}`);
        parseCpe(`cpe:2.3:${hostile}`);
      }),
    );
  });
});

describe('the first of two names', () => {
  it.each([
    ['cpe:2.3:a:adobe:*:9.*:*:palmos:*:*:*:*:*', 'cpe:2.3:a:adobe:reader:9.3.2:-:-:*:*:*:*:*', 'disjoint'],
    ['cpe:2.3:a:adobe:reader:9.*:*:*:*:*:*:*:*', 'cpe:2.3:a:adobe:reader:9.3.2:*:*:*:*:*:*:*', 'superset'],
    ['cpe:2.3:a:adobe:reader:9.3.2:*:*:*:*:*:*:*', 'cpe:2.3:a:adobe:reader:*:*:*:*:*:*:*:*', 'subset'],
    ['cpe:2.3:a:adobe:reader:9.3.2:-:*:*:*:*:*:*', 'cpe:2.3:a:Adobe:reader:9.3.2:-:*:*:*:*:*:*', 'equal'],
    ['cpe:2.3:a:adobe:reader:*:-:*:*:*:*:*:*', 'cpe:2.3:a:adobe:reader:9.3.2:*:*:*:*:*:*:*', 'undefined'],
    ['cpe:2.3:a:adobe:reader:9.3.2:*:*:*:*:*:*:*', 'cpe:2.3:a:adobe:reader:9.*:*:*:*:*:*:*:*', 'undefined'],
    ['cpe:2.3:a:adobe:reader:?.3:*:*:*:*:*:*:*', 'cpe:2.3:a:adobe:reader:12.3:*:*:*:*:*:*:*', 'disjoint'],
    ['cpe:2.3:a:adobe:reader:??.3:*:*:*:*:*:*:*', 'cpe:2.3:a:adobe:reader:2.3:*:*:*:*:*:*:*', 'superset'],
    ['cpe:2.3:a:adobe:reader:-:*:*:*:*:*:*:*', 'cpe:2.3:a:adobe:reader:1:*:*:*:*:*:*:*', 'disjoint'],
    ['cpe:2.3:a:adobe:*:*:*:*:*:*:*:*:*', 'cpe:/a:adobe:reader:-', 'superset'],
  ])('%s is to %s: %s', (source, target, expected) => expect(relation(source, target)).toBe(expected));

  it('turns round where neither has a wildcard', () => {
    const value = fc.constantFrom('*', '-', 'a', 'b');
    const name = fc.array(value, { minLength: 10, maxLength: 10 }).map((values) => `cpe:2.3:a:${values.join(':')}`);
    const turned = {
      superset: 'subset',
      subset: 'superset',
      equal: 'equal',
      disjoint: 'disjoint',
      undefined: 'undefined',
      'no name': '',
    };
    fc.assert(
      fc.property(name, name, (first, second) => {
        expect(relation(second, first)).toBe(turned[relation(first, second)]);
        expect(relation(first, first)).toBe('equal');
      }),
    );
  });
});
