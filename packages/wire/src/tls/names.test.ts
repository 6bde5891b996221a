import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes } from '../testing/bytes.ts';
import { readPlainNames } from './names.ts';

const der = (tag: number, ...content: readonly Uint8Array[]) => {
  const body = bytes(...content);
  return bytes(tag, body.length, body);
};
const name = (value: string) =>
  der(0x30, der(0x31, der(0x30, der(0x06, bytes(0x55, 0x04, 0x03)), der(0x0c, bytes(value)))));

describe('names of a certificate that stricter readers refuse', () => {
  it('are told as they stand, NUL too', () => {
    const content = der(0x30, der(0x02, bytes(0x12, 0x34)), der(0x30), name('issuer'), der(0x30), name('a\0b.example'));
    expect(readPlainNames(der(0x30, content))).toEqual({
      serial: '12:34',
      issuer: 'CN=issuer',
      subject: 'CN=a\0b.example',
    });
  });

  it('are none in other bytes', () => {
    expect(readPlainNames(bytes('MZ'))).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (any) => {
        const names = readPlainNames(any);
        expect(names === undefined || typeof names.subject === 'string').toBe(true);
      }),
    );
  });
});
