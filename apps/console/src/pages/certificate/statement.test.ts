import { describe, expect, it } from 'vitest';
import { readClaims } from './statement.ts';

function envelopeOf(payload: unknown) {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return { envelope: { payloadType: 'x', payload: Buffer.from(text).toString('base64'), signatures: [] } };
}

describe('what a certificate says', () => {
  it('is read from the signed payload, names with accents included', () => {
    const claims = readClaims(
      envelopeOf({
        predicate: {
          asset: { macs: ['00:00:00:00:00:01'], ips: ['10.0.0.1'], kind: 'ct-scanner' },
          reasons: ['Röntgen geprüft'],
          conditions: [],
          policy: { title: 'Diagnosis', version: '1.0.0' },
          evidenceDigest: { sha256: 'ab' },
          checks: [{ outcome: 'pass' }, { outcome: 'pass' }, { outcome: 'not-observed' }],
        },
      }),
    );
    expect(claims).toMatchObject({
      ips: ['10.0.0.1'],
      kind: 'ct-scanner',
      reasons: ['Röntgen geprüft'],
      policy: 'Diagnosis, version 1.0.0',
      checks: { pass: 2, fail: 0, 'not-observed': 1, 'not-applicable': 0 },
    });
  });

  it('is nothing when the payload is no statement', () => {
    expect(readClaims(envelopeOf('no json'))).toBeUndefined();
    expect(readClaims(envelopeOf({ predicate: 3 }))).toBeUndefined();
    expect(readClaims({ envelope: { payloadType: 'x', payload: '%%%', signatures: [] } })).toBeUndefined();
  });
});
