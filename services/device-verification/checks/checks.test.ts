import { EVIDENCE_ATTRIBUTES } from '@sphinx/schema';
import { describe, expect, it } from 'vitest';
import { loadVerificationKnowledge } from '../knowledge/load-knowledge.ts';
import { KNOWLEDGE_FOLDER } from '../test-knowledge.ts';
import { assetOfFixture, backgroundOfFixture, FIXTURE_START, momentOfFixture } from './fixture.ts';
import { judgeCheck } from './judge.ts';
import { subjectOf } from './observation.ts';

const knowledge = await loadVerificationKnowledge(KNOWLEDGE_FOLDER);

describe('knowledge/checks', () => {
  it('holds at least 150 checks, each with a case that fails, one that does not and one that nobody can judge', () => {
    expect(knowledge.checks.length).toBeGreaterThanOrEqual(150);
    for (const check of knowledge.checks) {
      const outcomes = new Set(check.tests.map((test) => test.outcome));
      expect(outcomes, check.id).toContain('fail');
      expect(outcomes.has('not-observed') || outcomes.has('not-applicable'), check.id).toBe(true);
      // What only tells a fault (somebody answers Telnet) is no proof of its absence, and never passes.
      const mayPass =
        check.passesOn !== undefined || check.looksAt.some((one) => 'failsIf' in one || 'weakness' in one);
      expect(outcomes.has('pass'), check.id).toBe(mayPass || 'change' in (check.looksAt[0] ?? {}));
    }
  });

  it('names for each check the requirements of laws and standards that it covers', () => {
    const standards = new Set(knowledge.checks.flatMap(({ covers }) => (covers ?? []).map((key) => key.split(':')[0])));
    expect([...standards].sort()).toEqual(knowledge.standards.map(({ id }) => id).sort());
    for (const { id, covers } of knowledge.checks) expect(covers?.length ?? 0, id).toBeGreaterThan(0);
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
      const usual = asset.silentHours === undefined ? FIXTURE_START : momentOfFixture(asset);
      const time = now === undefined ? usual : Date.parse(now);
      const background = backgroundOfFixture(asset);
      const result = judgeCheck(check, subjectOf(assetOfFixture(asset), knowledge.endOfLife, time, background));
      expect(result.outcome, result.reason).toBe(outcome);
      const isJudged = outcome === 'pass' || outcome === 'fail';
      expect(result.evidence.length > 0, 'evidence goes with a judgement, and only with one').toBe(isJudged);
      for (const item of result.evidence) expect(item.statement).not.toMatch(/[{}]|undefined/);
    });
  });
}
