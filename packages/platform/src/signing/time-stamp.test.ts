import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkTimeStamp, timeStampRequest, tokenOf } from './time-stamp.ts';
import { TimeStampAuthority } from './time-stamp-authority.ts';

const DIGEST = createHash('sha256').update('evidence').digest();
let authority: TimeStampAuthority;
let token: Buffer;
beforeAll(async () => {
  authority = await TimeStampAuthority.open();
  const nonce = randomBytes(8);
  token = tokenOf(authority.reply(timeStampRequest(DIGEST, nonce)), nonce);
});
afterAll(() => authority.close());

describe('A time stamp of a real authority (openssl ts)', () => {
  it('holds, says when and by whom, and is trusted by who knows the authority', () => {
    const anchors = [new X509Certificate(authority.certificate)];
    const checked = checkTimeStamp(token, DIGEST, anchors);
    expect(checked).toMatchObject({ status: 'holds', stamp: { authority: 'CN=Test time stamps', isTrusted: true } });
    if (checked.status === 'holds') expect(Math.abs(checked.stamp.time - Date.now())).toBeLessThan(3_600_000);
    expect(checkTimeStamp(token, DIGEST)).toMatchObject({ status: 'holds', stamp: { isTrusted: false } });
  });

  it('is of this and nothing else, and answers this question and no other', () => {
    const other = createHash('sha256').update('other').digest();
    expect(checkTimeStamp(token, other)).toEqual({ status: 'fails', reason: 'it is of something else' });
    const answer = authority.reply(timeStampRequest(DIGEST, randomBytes(8)));
    expect(() => tokenOf(answer, randomBytes(8))).toThrow('another question');
    expect(() => tokenOf(Buffer.from('hello'), randomBytes(8))).toThrow('no time stamp');
  });

  it('never says more than before when a byte of it is changed', () => {
    const before = checkTimeStamp(token, DIGEST);
    for (let at = 0; at < token.length; at += 7) {
      const changed = Buffer.from(token);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      const after = checkTimeStamp(changed, DIGEST);
      // What lies beside the signature (a further certificate, for instance) proves nothing and may differ.
      if (after.status === 'holds') expect(after).toEqual(before);
    }
  });

  it('never makes the check fall over', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(), (noise, at) => {
        expect(checkTimeStamp(noise, DIGEST).status).toBe('fails');
        const changed = Buffer.from(token);
        changed.set(noise.subarray(0, 20), at % (token.length - 20));
        checkTimeStamp(changed, DIGEST);
      }),
      { numRuns: 200 },
    );
  });
});
