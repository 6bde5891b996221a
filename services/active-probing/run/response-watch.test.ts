import { describe, expect, it } from 'vitest';
import { ResponseWatch } from './response-watch.ts';

const LIMITS = { factor: 3, atLeastMs: 100 };

function watchOf(times: readonly (number | undefined)[]) {
  const left = [...times];
  return new ResponseWatch(async () => left.shift(), LIMITS);
}

describe('a watched device', () => {
  it('that answers as before goes on', async () => {
    const watch = watchOf([10, 12, 11, 13]);
    expect(await watch.begin()).toBe(true);
    expect(watch.baselineMs).toBe(11);
    expect(await watch.look()).toBeUndefined();
  });

  it('is not left alone for one slow answer', async () => {
    const watch = watchOf([10, 12, 11, 900, 12]);
    await watch.begin();
    expect(await watch.look()).toBeUndefined();
  });

  it('is left alone when it stays slower by the factor and the time of its policy', async () => {
    const watch = watchOf([10, 12, 11, 400, 500, 450]);
    await watch.begin();
    expect(await watch.look()).toBe('it answered in 11 ms before, and takes 450 ms now.');
  });

  it('that is fast is not left alone for a few milliseconds', async () => {
    const watch = watchOf([1, 1, 1, 20, 20, 20]);
    await watch.begin();
    expect(await watch.look()).toBeUndefined();
  });

  it('is left alone when it no longer answers', async () => {
    const watch = watchOf([10, 12, 11, undefined, undefined, undefined]);
    await watch.begin();
    expect(await watch.look()).toMatch(/no longer answers/);
  });

  it('that did not answer before cannot be watched', async () => {
    const watch = watchOf([undefined, 12, 11]);
    expect(await watch.begin()).toBe(false);
    expect(await watch.look()).toBeUndefined();
  });
});
