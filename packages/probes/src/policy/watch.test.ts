import { describe, expect, it } from 'vitest';
import { loadProbePolicies } from './load-knowledge.ts';
import { decideWatch, type WatchCircumstances } from './watch.ts';

const policies = await loadProbePolicies(new URL('../../../../knowledge', import.meta.url).pathname);
const device = (fields: { kind?: string; safetyClass?: string }) => ({
  assetId: 'ast_1',
  ip: '10.0.0.9',
  kind: fields.kind,
  safetyClass: fields.safetyClass,
});
const decide = (fields: Partial<WatchCircumstances>) =>
  decideWatch({
    subjects: [],
    ip: '10.0.0.9',
    policies,
    caution: 'asks',
    outside: undefined,
    hasAgreement: false,
    ...fields,
  });

describe('a regular check', () => {
  it('is never sent to what may be on a patient, whatever was agreed', () => {
    for (const safetyClass of ['life-sustaining', 'therapy']) {
      expect(decide({ subjects: [device({ safetyClass })], hasAgreement: true }).isAllowed, safetyClass).toBe(false);
    }
    const pump = device({ kind: 'infusion-pump', safetyClass: 'none' });
    expect(decide({ subjects: [pump], hasAgreement: true }).isAllowed).toBe(false);
  });

  it('is sent to a server of care, and not more often than its policy says', () => {
    const decision = decide({ subjects: [device({ safetyClass: 'care-support' })], caution: 'unusual' });
    expect(decision).toMatchObject({ isAllowed: true, leastSeconds: expect.any(Number) });
  });

  it('asks for the agreement of a person where nobody knows what it is, and at a modality', () => {
    for (const subjects of [[], [device({ safetyClass: 'diagnosis' })]]) {
      expect(decide({ subjects })).toMatchObject({ isAllowed: false, needsAgreement: true });
      expect(decide({ subjects, hasAgreement: true }).isAllowed).toBe(true);
      expect(decide({ subjects, hasAgreement: true, caution: 'logs-in' }).isAllowed).toBe(false);
    }
  });

  it('follows the strictest device of an address that several have', () => {
    const server = device({ safetyClass: 'none' });
    const pump = device({ kind: 'infusion-pump' });
    expect(decide({ subjects: [server, pump], hasAgreement: true }).isAllowed).toBe(false);
    const modality = device({ safetyClass: 'diagnosis' });
    const both = decide({ subjects: [server, modality], hasAgreement: true });
    expect(both).toEqual(decide({ subjects: [modality], hasAgreement: true }));
  });

  it('leaves the networks of the hospital never', () => {
    const subjects = [device({ safetyClass: 'none' })];
    expect(decide({ subjects, outside: 'It is outside.' })).toMatchObject({ reason: 'It is outside.' });
  });
});
