import { describe, expect, it } from 'vitest';
import { faviconHash, murmur3 } from './favicon-hash.ts';

describe('MurmurHash3', () => {
  it.each([
    ['', 0],
    ['hello', 0x248bfa47],
    ['hello, world', 0x149bbb7f],
    ['The quick brown fox jumps over the lazy dog.', 0xd5c48bfc | 0],
  ])('of "%s" is what its author’s program gives', (text, hash) => {
    expect(murmur3(Buffer.from(text))).toBe(hash);
  });
});

describe('the hash of an icon', () => {
  it('is taken of base 64 in lines, as search engines of devices do', () => {
    const icon = Buffer.alloc(60, 7);
    const text = icon.toString('base64');
    expect(faviconHash(icon)).toBe(murmur3(Buffer.from(`${text.slice(0, 76)}\n${text.slice(76)}\n`)));
  });
});
