import { EVIDENCE_ATTRIBUTES } from '@sphinx/schema';
import { describe, expect, it } from 'vitest';
import { loadVerificationKnowledge } from '../knowledge/load-knowledge.ts';
import { KNOWLEDGE_FOLDER } from '../test-knowledge.ts';
import { assetOfFixture, FIXTURE_START } from './fixture.ts';
import { judgeCheck } from './judge.ts';
import { subjectOf } from './observation.ts';

const knowledge = await loadVerificationKnowledge(KNOWLEDGE_FOLDER);

describe('knowledge/checks', () => {
  it('holds at least 45 checks, each with a case that fails and one that does not', () => {
    expect(knowledge.checks.length).toBeGreaterThanOrEqual(45);
    for (const check of knowledge.checks) {
      const outcomes = check.tests.map((test) => test.outcome);
      expect(outcomes, check.id).toContain('fail');
      expect(
        outcomes.some((outcome) => outcome !== 'fail'),
        check.id,
      ).toBe(true);
    }
  });

  it('says nothing of an asset of which nothing was seen', () => {
    const subject = subjectOf(assetOfFixture({}), knowledge.endOfLife, FIXTURE_START);
    for (const check of knowledge.checks) {
      expect(judgeCheck(check, subject).outcome, check.id).toMatch(/^not-/);
    }
  });

  it.each([
    ['clear-text-login', 'http.authentication', 'none', 'Basic'],
    ['smb-signing', 'smb.signing', 'required', 'not required'],
    ['certificate-issued-by-authority', 'tls.certificate.self-signed', 'false', 'signed itself'],
  ])('does not tell of a fault where there is none: %s', (id, attribute, value, fault) => {
    const check = knowledge.checks.find((candidate) => candidate.id === id);
    const asset = assetOfFixture({ evidence: [{ attribute, value, role: 'server', port: 443 }] });
    const result = check && judgeCheck(check, subjectOf(asset, knowledge.endOfLife, FIXTURE_START));
    expect(result?.outcome).toBe('pass');
    expect(JSON.stringify(result?.evidence)).toContain(value);
    expect(JSON.stringify([result?.reason, result?.evidence])).not.toContain(fault);
  });

  it('names only attributes that the wire can show', () => {
    const named = knowledge.checks.flatMap((check) => check.tests.flatMap((test) => test.asset.evidence ?? []));
    for (const { attribute } of named) expect(Object.keys(EVIDENCE_ATTRIBUTES)).toContain(attribute);
  });
});

for (const check of knowledge.checks) {
  describe(check.id, () => {
    it.each(check.tests)('judges $name: $outcome', ({ asset, outcome, now }) => {
      const time = now === undefined ? FIXTURE_START : Date.parse(now);
      const result = judgeCheck(check, subjectOf(assetOfFixture(asset), knowledge.endOfLife, time));
      expect(result.outcome, result.reason).toBe(outcome);
      const isJudged = outcome === 'pass' || outcome === 'fail';
      expect(result.evidence.length > 0, 'evidence goes with a judgement, and only with one').toBe(isJudged);
      for (const item of result.evidence) expect(item.statement).not.toMatch(/[{}]|undefined/);
    });
  });
}
