import { canonicalJson, createSigningKey, openSigningKey, signEnvelope, trustedKeyOf } from '@sphinx/platform/signing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assetOfFixture, FIXTURE_START } from '../checks/fixture.ts';
import { loadVerificationKnowledge } from '../knowledge/load-knowledge.ts';
import { KNOWLEDGE_FOLDER } from '../test-knowledge.ts';
import { policyFor, verifyAsset } from '../verify-asset.ts';
import { checkCertificate } from './certificate-check.ts';
import { signRevocationList } from './revocation-list.ts';
import { certificateStatement, STATEMENT_PAYLOAD_TYPE, signStatement } from './statement.ts';

const DAY_MS = 86_400_000;
const NOW = FIXTURE_START + 3 * DAY_MS;
const knowledge = await loadVerificationKnowledge(KNOWLEDGE_FOLDER);
const key = createSigningKey(NOW);
const asset = assetOfFixture({
  facts: { kind: 'pacs', patientSafetyClass: 'diagnosis' },
  evidence: [
    { attribute: 'dicom.ae-title', value: 'ARCHIV' },
    { attribute: 'tls.server.version', value: 'TLS 1.2', port: 443 },
  ],
});
const statement = issue();
const envelope = signStatement(statement, key);
const file = Buffer.from(canonicalJson(envelope));
const trust = { trustedKeys: [trustedKeyOf(key)], revocations: revocationsOf([]), now: NOW + DAY_MS };

describe('a certificate', () => {
  it('is valid offline, as object, text and bytes', () => {
    for (const form of [envelope, file, file.toString()]) {
      expect(checkCertificate(form, trust)).toMatchObject({
        status: 'valid',
        statement: { predicate: { verdict: 'conditional' } },
      });
    }
  });

  it('is refused after any change of any byte', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (position, difference) => {
        const changed = Buffer.from(file);
        changed[position] = (changed[position] ?? 0) ^ difference;
        return checkCertificate(changed, trust).status !== 'valid';
      }),
      { numRuns: 1500 },
    );
  });

  it('never makes the check throw, whatever is handed in', () => {
    fc.assert(fc.property(fc.anything(), (value) => checkCertificate(value, trust).status !== 'valid'));
    fc.assert(fc.property(fc.uint8Array(), (value) => checkCertificate(value, trust).status === 'malformed'));
  });

  it('is tampered with when its verdict was polished', () => {
    const polished = { ...statement, predicate: { ...statement.predicate, verdict: 'trusted' } };
    const payload = Buffer.from(canonicalJson(polished)).toString('base64');
    expect(checkCertificate({ ...envelope, payload }, trust).status).toBe('tampered');
  });

  it('is of an unknown key when somebody else signed it, even under a borrowed key id', () => {
    const other = createSigningKey(NOW);
    expect(checkCertificate(signStatement(statement, other), trust).status).toBe('unknown-key');
    const lying = { ...trustedKeyOf(other), keyid: key.keyId };
    expect(checkCertificate(envelope, { ...trust, trustedKeys: [lying] }).status).toBe('unknown-key');
  });

  it('expires, and is not valid before its time', () => {
    const end = Date.parse(statement.predicate.validUntil);
    expect(checkCertificate(envelope, { ...trust, now: end - 1 }).status).toBe('valid');
    expect(checkCertificate(envelope, { ...trust, now: end }).status).toBe('expired');
    expect(checkCertificate(envelope, { ...trust, now: NOW - 1 }).status).toBe('expired');
  });

  it('is revoked when the signed list says so, with the reason', () => {
    const revocations = revocationsOf([statement.predicate.certificateId]);
    expect(checkCertificate(envelope, { ...trust, revocations })).toMatchObject({
      status: 'revoked',
      reasons: [expect.stringContaining('lost')],
    });
  });

  it('is not believed beside a revocation list that was altered or left to others to sign', () => {
    const genuine = revocationsOf([statement.predicate.certificateId]);
    const emptied = { ...genuine, payload: revocationsOf([]).payload };
    expect(checkCertificate(envelope, { ...trust, revocations: emptied }).status).toBe('tampered');
  });

  it('says when no list or only an old list was at hand', () => {
    const { revocations: _none, ...without } = trust;
    expect(checkCertificate(envelope, without).reasons.join()).toContain('No revocation list');
    const later = { ...trust, now: NOW + 10 * DAY_MS };
    expect(checkCertificate(envelope, later).reasons.join()).toContain('due for renewal');
  });

  it('is malformed when a trusted key signed something else', () => {
    const other = signEnvelope(STATEMENT_PAYLOAD_TYPE, Buffer.from('{"_type":"x"}'), key);
    expect(checkCertificate(other, trust).status).toBe('malformed');
    expect(checkCertificate(revocationsOf([]), trust).status).toBe('malformed');
  });

  it('is not issued for rejected assets and those of which too little is known', () => {
    const unknown = assetOfFixture({});
    const verification = verifyAsset(unknown, knowledge, NOW);
    expect(verification.verdict).toBe('insufficient-evidence');
    const policy = policyFor(unknown, knowledge.policies);
    expect(certificateStatement({ asset: unknown, verification, policy, knowledgeDigest: '' })).toBeUndefined();
  });
});

describe('the signing key', () => {
  it('is made once and found again', async () => {
    const kept = new Map<string, Uint8Array>();
    const secrets = {
      get: async (name: string) => kept.get(name),
      set: async (name: string, value: Uint8Array) => void kept.set(name, value),
      remove: async () => {},
      names: async () => [...kept.keys()],
    };
    const first = await openSigningKey(secrets, 'key', NOW);
    const second = await openSigningKey(secrets, 'key', NOW + DAY_MS);
    expect(trustedKeyOf(second)).toEqual(trustedKeyOf(first));
    const signed = signStatement(statement, second);
    expect(
      checkCertificate(signed, { ...trust, trustedKeys: [trustedKeyOf(first)], revocations: undefined }).status,
    ).toBe('valid');
  });
});

function issue() {
  const verification = verifyAsset(asset, knowledge, NOW);
  const policy = policyFor(asset, knowledge.policies);
  const issued = certificateStatement({ asset, verification, policy, knowledgeDigest: knowledge.digest });
  if (issued === undefined)
    throw new Error(`no certificate for ${verification.verdict}: ${verification.reasons.join()}`);
  return issued;
}

function revocationsOf(certificateIds: readonly string[]) {
  const revokedAt = new Date(NOW).toISOString();
  return signRevocationList(
    {
      issuedAt: revokedAt,
      nextUpdate: new Date(NOW + 7 * DAY_MS).toISOString(),
      revoked: certificateIds.map((certificateId) => ({ certificateId, revokedAt, cause: 'revoked', reason: 'lost' })),
    },
    key,
  );
}
