import { describe, expect, it } from 'vitest';
import { bytes } from '../testing/bytes.ts';
import { ContentMemo } from './content-memo.ts';

describe('what was made of bytes', () => {
  it('is given again for equal bytes, wherever they lie, and for no others', () => {
    const memo = new ContentMemo<string>(8, 4096);
    const long = new Uint8Array(4000).map((_, index) => index);
    memo.set(long, 'long');
    memo.set(bytes('a'), 'short');
    expect(memo.get(new Uint8Array([...long]))).toBe('long');
    expect(memo.get(bytes('a'))).toBe('short');
    for (const changed of [0, 127, 128, 129, 1000, 3999]) {
      expect(memo.get(long.map((byte, index) => (index === changed ? byte ^ 1 : byte)))).toBeUndefined();
    }
    expect(memo.get(long.subarray(1))).toBeUndefined();
  });

  it('does not change with the memory that the bytes were lent in', () => {
    const memo = new ContentMemo<string>(8, 4096);
    const lent = bytes('abc');
    memo.set(lent, 'abc');
    lent.fill(0);
    expect(memo.get(bytes('abc'))).toBe('abc');
    expect(memo.get(lent)).toBeUndefined();
  });

  it('is forgotten, the oldest first, when there are too many, and is never kept of what is too long', () => {
    const memo = new ContentMemo<number>(2, 4);
    for (const [index, text] of ['a', 'b', 'c', 'too long'].entries()) memo.set(bytes(text), index);
    expect(['a', 'b', 'c', 'too long'].map((text) => memo.get(bytes(text)))).toEqual([undefined, 1, 2, undefined]);
  });
});
