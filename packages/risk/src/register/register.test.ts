import type { RiskLevel } from '@sphinx/schema';
import { describe, expect, it } from 'vitest';
import type { ConsequenceRisk } from '../model/impact.ts';
import { describeChange } from './describe-change.ts';
import { type ProposedOver, propose } from './propose.ts';
import {
  concernsOf,
  DEFAULT_APPETITE,
  RegisterChange,
  type RegisterEntry,
  RegisterStatement,
} from './register-entry.ts';

const DAY = 86_400_000;
const ENTRY: RegisterEntry = {
  ...RegisterStatement.parse({ title: 'Archive', owner: 'IT', treatment: 'mitigate', consequence: 'care' }),
  id: 'risk_1',
  number: 1,
  status: 'open',
  acceptance: null,
  proposal: null,
  isSample: false,
  createdAt: 0,
  changedAt: 0,
};
const accepted = (until: number) => ({ ...ENTRY, acceptance: { by: 'Board', at: 0, until, reason: 'soon replaced' } });
const concerns = (entry: RegisterEntry, level: RiskLevel, isLinked = true) =>
  concernsOf(entry, level, DEFAULT_APPETITE, isLinked, 10 * DAY);

describe('an entry of the risk register', () => {
  it.each([
    ['is quiet within the appetite', ENTRY, 'moderate', []],
    ['says that it is above the appetite', ENTRY, 'high', ['exceeds-appetite']],
    ['is quiet while somebody carries it', accepted(11 * DAY), 'very-high', []],
    [
      'speaks again when the acceptance has ended',
      accepted(9 * DAY),
      'high',
      ['exceeds-appetite', 'acceptance-expired'],
    ],
    ['wants somebody to accept it', { ...ENTRY, treatment: 'accept' as const }, 'low', ['acceptance-missing']],
    ['wants to be looked at', { ...ENTRY, reviewAt: 9 * DAY }, 'low', ['review-overdue']],
    ['asks nothing once it is closed', { ...accepted(1), status: 'closed' as const, reviewAt: 1 }, 'very-high', []],
  ] as const)('%s', (_name, entry, level, expected) => {
    expect(concerns(entry, level)).toEqual(expected);
  });

  it('says that what it is about is gone', () => {
    expect(concerns(ENTRY, 'low', false)).toEqual(['gone']);
  });

  it('tells a change in words, and none as none', () => {
    expect(describeChange(ENTRY, ENTRY)).toBe('');
    expect(describeChange(ENTRY, { ...ENTRY, owner: 'Biomed', reviewAt: DAY, plan: 'Patch' })).toBe(
      'owner IT → Biomed; review none → 1970-01-02; the plan changed',
    );
  });

  it('keeps what a change leaves out', () => {
    expect(RegisterChange.parse({ owner: 'Biomed' })).toEqual({ owner: 'Biomed' });
  });
});

describe('proposals', () => {
  const risk = (level: RiskLevel, points: number, id: 'care' | 'safety' = 'care'): ConsequenceRisk => ({
    id,
    title: id === 'care' ? 'Continuity of care' : 'Safety of patients',
    probability: 0.5,
    impact: points * 2,
    level,
    points,
  });
  const asset = (id: string, consequences: readonly ConsequenceRisk[], kind = 'infusion-pump'): ProposedOver => ({
    link: { kind: 'asset', id, name: id },
    kind,
    isSample: false,
    consequences,
  });
  const over = [
    asset('pump-1', [risk('moderate', 20, 'safety')]),
    asset('pump-2', [risk('high', 30, 'safety')]),
    asset('pc', [risk('moderate', 19)], 'workstation'),
    {
      link: { kind: 'clinical-service' as const, id: 'care:icu', name: 'Intensive care' },
      kind: '',
      isSample: false,
      consequences: [risk('high', 40)],
    },
  ];

  it('put devices of one kind together, the worst first, and leave what is within the appetite', () => {
    const found = propose(over, DEFAULT_APPETITE, [], new Map());
    expect(found.map(({ key, count }) => [key, count])).toEqual([
      ['care:icu|care', 1],
      ['kind:infusion-pump|safety', 2],
    ]);
    expect(found[1]?.title).toBe('Safety of patients: 2 devices of the kind infusion pump');
    expect(found[1]?.reason).toBe('The worst, pump-2, is at high risk; the appetite for this consequence ends at low.');
  });

  it('leave out what an open entry speaks of, not what a closed one did', () => {
    const links = [{ kind: 'clinical-service' as const, id: 'care:icu', name: '' }];
    const keys = (entry: RegisterEntry) => propose(over, DEFAULT_APPETITE, [entry], new Map()).map(({ key }) => key);
    expect(keys({ ...ENTRY, links })).not.toContain('care:icu|care');
    expect(keys({ ...ENTRY, links, status: 'closed' })).toContain('care:icu|care');
    expect(keys({ ...ENTRY, links, consequence: 'money' })).toContain('care:icu|care');
  });

  it('come again only when they are worse than what somebody dismissed', () => {
    const dismissed = (level: RiskLevel) =>
      new Map([['care:icu|care', { key: 'care:icu|care', level, reason: '', by: '', at: 0 }]]);
    const has = (level: RiskLevel) =>
      propose(over, DEFAULT_APPETITE, [], dismissed(level)).some(({ key }) => key === 'care:icu|care');
    expect([has('moderate'), has('high'), has('very-high')]).toEqual([true, false, false]);
  });
});
