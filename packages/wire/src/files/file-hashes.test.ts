import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ContentBudget, HeldContent } from './content-budget.ts';
import { FileHashes } from './file-hashes.ts';

it('is the hash of all bytes, however they come and however little of them is held', () => {
  const pieces = fc.array(fc.nat(50_000), { maxLength: 8 });
  fc.assert(
    fc.property(pieces, fc.nat(120_000), fc.nat(120_000), (lengths, ofFile, ofAll) => {
      const held = new HeldContent(new ContentBudget(ofAll), ofFile);
      const hashes = new FileHashes('all');
      const whole = createHash('sha256');
      for (const [index, length] of lengths.entries()) {
        const bytes = new Uint8Array(length).fill(index + 1);
        whole.update(bytes);
        hashes.add(bytes, held, held.add(bytes));
      }
      expect(hashes.end(held).sha256).toBe(whole.digest('hex'));
    }),
    { numRuns: 60 },
  );
});

it('leaves out the hashes that nobody wants', () => {
  const held = new HeldContent(new ContentBudget(10), 10);
  const bytes = Buffer.from('a letter');
  const of = (which: 'none' | 'sha256' | 'all') => {
    const hashes = new FileHashes(which);
    hashes.add(bytes, held, held.add(bytes));
    const { md5, sha1, sha256 } = hashes.end(held);
    held.release();
    return [md5, sha1, sha256].map((one) => one.length);
  };
  expect([of('none'), of('sha256'), of('all')]).toEqual([
    [0, 0, 0],
    [0, 0, 64],
    [32, 40, 64],
  ]);
});
