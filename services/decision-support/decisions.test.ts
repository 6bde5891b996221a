import type { Asset, Incident, IncidentAsset, Weakness } from '@sphinx/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecisionItem, LessonItem, ProfileView, SubjectDetail, SubjectItem } from './routes/decision-shapes.ts';
import { House, START } from './test-house.ts';

interface Page<T> {
  readonly items: readonly T[];
}

const PUMP: IncidentAsset = {
  assetId: 'ast_pump',
  name: 'Infusion pump 7',
  kind: 'infusion-pump',
  role: 'target',
  patientSafetyClass: 'life-sustaining',
  careArea: 'ICU 2',
  zone: 'bedside',
};
const DESK: IncidentAsset = {
  ...PUMP,
  assetId: 'ast_desk',
  name: 'Desk 3',
  kind: 'workstation',
  role: 'actor',
  patientSafetyClass: 'none',
  careArea: '',
  zone: 'office',
};

function incident(number: number, changes: Partial<Incident>): Incident {
  return {
    id: `inc_${number}`,
    number,
    title: 'Something happened',
    summary: '',
    severity: 'high',
    clinicalImpact: '',
    status: 'new',
    verdict: null,
    owner: null,
    stages: [],
    techniques: [],
    assets: [],
    users: [],
    addresses: [],
    analytics: [{ id: 'a', title: 'A rule', count: 3 }],
    signals: 3,
    firstSeen: START,
    lastSeen: START + number,
    openedAt: START,
    closedAt: null,
    isSample: false,
    ...changes,
  };
}

function weakness(changes: Partial<Weakness>): Weakness {
  return {
    id: 'wk_1',
    weakness: 'CVE-2019-0708',
    title: 'Remote Desktop Services Remote Code Execution',
    presence: 'affected',
    quality: 'exact-version',
    identity: 'cpe',
    because: 'Windows 7 is before the fix',
    component: { kind: 'software', vendor: 'microsoft', name: 'windows_7', version: '6.1', source: 'test' },
    severity: 'critical',
    score: 9.8,
    baseScore: 9.8,
    vector: '',
    isKnownExploited: true,
    exploitProbability: 0.97,
    decision: 'act',
    priority: 95,
    reasons: ['attackers use it'],
    sources: [{ feed: 'cisa-kev', id: 'CVE-2019-0708', url: 'https://example.org' }],
    hasFix: true,
    status: 'open',
    owner: null,
    dueAt: null,
    foundAt: START,
    closedAt: null,
    closedBecause: null,
    ...changes,
  };
}

let house: House;
beforeAll(async () => {
  house = await House.open();
  const tampering = { severity: 'critical', techniques: ['T0836'], stages: ['impact'], assets: [PUMP, DESK] } as const;
  await house.publish(
    'incident.opened',
    'inc_1',
    incident(1, { ...tampering, techniques: ['T0836'], stages: ['impact'], assets: [PUMP, DESK] }),
  );
  await house.publish(
    'incident.opened',
    'inc_2',
    incident(2, { severity: 'low', techniques: ['T1046'], stages: ['discovery'], assets: [DESK] }),
  );
  await house.publish('weakness.found', 'ast_desk', {
    assetId: 'ast_desk',
    assetName: 'Desk 3',
    isSample: false,
    weaknesses: [
      weakness({}),
      weakness({ id: 'wk_2', weakness: 'CVE-2020-1', decision: 'track', isKnownExploited: false, severity: 'medium' }),
    ],
  });
});
afterAll(() => house.close());

const advice = (id: string) => house.ask<SubjectDetail>('getDecisionAdvice', { params: { id } });
const decide = (id: string, course: string) =>
  house.ask<DecisionItem>('decide', { params: { id }, body: { course, reason: 'Because' } });

describe('What can be done', () => {
  it('is weighed for open incidents and for weaknesses that matter now', async () => {
    const { items } = await house.ask<Page<SubjectItem>>('listDecisionSubjects');
    expect(items.map(({ name }) => name)).toEqual(['INC-2', 'INC-1', 'CVE-2019-0708']);
    expect(items.every(({ first }) => first.title !== '')).toBe(true);
  });

  it('acts on a grave attack on pumps with the playbook for it, and keeps care in sight', async () => {
    const found = await advice('INC-1');
    expect(found.courses[0]?.title).toBe('A medical device is told to change what it does');
    expect(found.courses[0]).toMatchObject({
      approvers: expect.arrayContaining(['Clinical lead on duty']),
      careAreas: expect.arrayContaining([expect.objectContaining({ careArea: 'ICU 2', beds: null, devices: 1 })]),
      reasons: expect.arrayContaining([expect.stringMatching(/T0836/)]),
    });
    expect(found.courses[0]?.careAreas.find(({ careArea }) => careArea === 'ICU 2')?.functions).toEqual([
      'Delivers fluids and drugs into the patient',
    ]);
  });

  it('always has doing nothing in the list, with what is to be expected', async () => {
    for (const name of ['INC-1', 'INC-2', 'CVE-2019-0708']) {
      const nothing = (await advice(name)).courses.find(({ id }) => id === 'nothing');
      expect(nothing?.description).toMatch(/clearly worse within .* is put at \d+ to \d+ %/);
      expect(nothing?.riskReduction).toEqual([0, 0]);
    }
  });

  it('does not always advise to act: a light sign is watched or left alone', async () => {
    const [first] = (await advice('INC-2')).courses;
    expect(['none', 'watched']).toContain(first?.interference);
  });

  it('tells that it is unknown what care loses where no device is known', async () => {
    await house.publish(
      'incident.opened',
      'inc_4',
      incident(4, { stages: ['command-and-control'], techniques: ['T1071'] }),
    );
    const { courses } = await advice('INC-4');
    const areas = courses.flatMap(({ careAreas }) => careAreas);
    expect(areas.length).toBeGreaterThan(0);
    expect(areas.every(({ careArea, beds }) => careArea === 'unknown' && beds === null)).toBe(true);
    await house.publish('incident.closed', 'inc_4', incident(4, { status: 'closed' }));
  });

  it('puts what would cut life support off after all that would not', async () => {
    const { courses } = await advice('1');
    const firstBack = courses.findIndex(({ isPutBack }) => isPutBack);
    expect(firstBack).toBeGreaterThan(0);
    expect(courses.slice(firstBack).every(({ isPutBack }) => isPutBack)).toBe(true);
    expect(courses.findIndex(({ id }) => id === 'nothing')).toBeLessThan(firstBack);
  });

  it('proposes to close a weakness that attackers use', async () => {
    const { courses, evidence } = await advice('CVE-2019-0708');
    expect(courses[0]?.title).toMatch(/Close a weakness that attackers use already/);
    expect(evidence.join(' ')).toMatch(/1 device has it/);
  });

  it('is not told of what is closed or unknown', async () => {
    await house.publish('incident.opened', 'inc_3', incident(3, {}));
    await house.publish('incident.closed', 'inc_3', incident(3, { status: 'closed' }));
    await expect(advice('INC-3')).rejects.toThrow(/No open incident/);
  });
});

describe('The weights of the hospital', () => {
  it('change the order, survive a restart and can be taken back', async () => {
    const before = await advice('INC-1');
    const careful = { risk: 0, care: 100, time: 0, reversibility: 0, effort: 0, confidence: 0 };
    await house.ask('setDecisionProfile', { body: { weights: careful, beds: { 'icu 2': 12 } } });
    await house.restart();
    const after = await advice('INC-1');
    expect(after.courses[0]?.interference).toBe('none');
    expect(after.courses.flatMap(({ careAreas }) => careAreas).find(({ careArea }) => careArea === 'ICU 2')?.beds).toBe(
      12,
    );
    const undone = await house.ask<ProfileView>('undoDecisionProfile');
    expect(undone).toMatchObject({ by: null, version: 0 });
    expect((await advice('INC-1')).courses.map(({ id }) => id)).toEqual(before.courses.map(({ id }) => id));
    await expect(house.ask('undoDecisionProfile')).rejects.toThrow(/nothing to take back/);
  });
});

describe('A choice', () => {
  it('is kept with the list as it was, and teaches by what came of it', async () => {
    const before = await advice('INC-1');
    const chosen = before.courses[0]?.id ?? '';
    const decision = await decide('INC-1', chosen);
    expect(decision).toMatchObject({ subject: 'inc_1', course: chosen, place: 1, by: 'Anna Berg', outcome: null });
    expect(decision.choices).toHaveLength(before.courses.length);
    expect((await advice('INC-1')).decision?.id).toBe(decision.id);
    const outcome = { result: 'failed', care: 'more', note: '' };
    await house.ask('setDecisionOutcome', { params: { id: String(decision.id) }, body: outcome });
    const { items } = await house.ask<Page<LessonItem>>('listDecisionLessons');
    expect(items).toMatchObject([{ course: chosen, cases: 1, failed: 1 }]);
    const after = (await advice('INC-1')).courses.find(({ id }) => id === chosen);
    expect(after?.points).toBeLessThan(before.courses[0]?.points ?? 0);
    expect(after?.explanation.join(' ')).toMatch(/carried out 1 time and worked 0 times/);
  });

  it('is one of those in the list', async () => {
    await expect(decide('INC-1', 'playbook--none')).rejects.toThrow(/not among what is proposed/);
    expect((await decide('INC-2', 'nothing')).courseTitle).toBe('Do nothing');
    const log = await house.ask<Page<DecisionItem>>('listDecisions');
    expect(log.items.map(({ subjectName }) => subjectName)).toEqual(['INC-2', 'INC-1']);
  });
});

describe('The house', () => {
  it('hears of a choice: playbook with version and digest, variables, devices, who must agree', async () => {
    await house.publish('asset.discovered', 'ast_pump', asset('ast_pump', ['10.20.0.7']));
    const { courses } = await advice('INC-1');
    const first = courses.find(({ variables }) => variables.some(({ name }) => name === '__device_ip__'));
    expect(first?.variables.find(({ name }) => name === '__device_ip__')?.value).toBe('10.20.0.7');
    const body = { course: first?.id, reason: '', variables: { __device_ip__: '10.20.0.8' } };
    await house.ask('decide', { params: { id: 'INC-1' }, body });
    const made = (await house.facts('decision.made')).at(-1);
    expect(made).toMatchObject({
      subject: { kind: 'incident', id: 'inc_1', name: 'INC-1' },
      course: { playbook: { id: first?.id, digest: expect.stringMatching(/^[0-9a-f]{64}$/) } },
      variables: { __device_ip__: '10.20.0.8' },
      approvers: expect.arrayContaining(['Clinical lead on duty']),
      by: 'Anna Berg',
    });
    expect(made?.assets).toMatchObject([
      { assetId: 'ast_pump', ips: ['10.20.0.7'], patientSafetyClass: 'life-sustaining' },
      { assetId: 'ast_desk', ips: [] },
    ]);
    const wrong = { ...body, variables: { __nobody__: 'x' } };
    await expect(house.ask('decide', { params: { id: 'INC-1' }, body: wrong })).rejects.toThrow(
      /asks for no variable "__nobody__"/,
    );
  });

  it('hears of doing nothing too, without a playbook', async () => {
    await decide('INC-2', 'nothing');
    const made = (await house.facts('decision.made')).at(-1);
    expect(made?.course).toEqual({ id: 'nothing', title: 'Do nothing', playbook: null });
  });
});

describe('The likelihood of harm', () => {
  const risk = (probability: number) => ({
    subject: 'asset' as const,
    id: 'ast_desk',
    name: 'Desk 3',
    careArea: '',
    horizonDays: 30,
    now: { probability, level: 'high' as const, points: 5 },
    before: null,
    consequence: 'care',
    reason: 'Ransomware: a critical detection',
    isSample: false,
  });
  const averts = async () => {
    const { courses } = await advice('CVE-2019-0708');
    return courses.find(({ title }) => /Close a weakness/.test(title));
  };

  it('is that of the risk service where it told one, and says so', async () => {
    expect((await averts())?.likelihoodText).toMatch(/general judgement, the risk service told nothing/);
    await house.publish('risk.changed', 'ast_desk', risk(0.9));
    const high = await averts();
    expect(high?.likelihoodText).toBe(
      '90 % within 30 days: what the risk service reckons for Desk 3 (Ransomware: a critical detection).',
    );
    await house.publish('risk.changed', 'ast_desk', risk(0.02));
    await house.restart();
    const low = await averts();
    expect(low?.likelihoodText).toMatch(/^2 % within 30 days/);
    expect(low?.riskReduction[1]).toBeLessThan((high?.riskReduction[0] ?? 0) / 10);
    await house.publish('asset.removed', 'ast_pump', { assetId: 'ast_pump', reason: 'gone' });
  });
});

describe('Courses found by search over the model of risk', () => {
  it('are asked for when somebody looks, and stand beside playbooks with the same criteria', async () => {
    const first = await advice('INC-1');
    expect(first.searchNote).toMatch(/has not answered yet/);
    await advice('INC-1');
    const wanted = (await house.facts('measures.requested')).filter(({ subject }) => subject.id === 'inc_1');
    expect(wanted.at(-1)).toMatchObject({ assetIds: ['ast_pump', 'ast_desk'] });
    // Looked at often, asked once a minute.
    expect(new Set(wanted.map(({ subject }) => subject.id)).size).toBe(wanted.length);
    await house.publish('measures.evaluated', 'inc_1', {
      subject: { kind: 'incident', id: 'inc_1' },
      evaluatedAt: START,
      options: [
        { measures: [{ kind: 'segment', assetId: 'ast_desk', assetName: 'Desk 3' }], reduction: 0.6, spared: 3 },
        {
          measures: [
            { kind: 'switch-off', assetId: 'ast_desk', assetName: 'Desk 3' },
            { kind: 'patch', assetId: 'ast_pump', assetName: 'Infusion pump 7' },
          ],
          reduction: 0.9,
          spared: 5,
        },
      ],
      note: '',
      isSample: false,
    });
    await house.publish('asset.discovered', 'ast_desk', asset('ast_desk', []));
    await house.restart();
    const { courses, searchNote } = await advice('INC-1');
    expect(searchNote).toBe('');
    const found = courses.filter(({ measures }) => measures.length > 0);
    expect(found.map(({ title }) => title).sort()).toEqual([
      'Segment Desk 3',
      'Switch off Desk 3, and patch Infusion pump 7',
    ]);
    const segment = found.find(({ measures }) => measures.length === 1);
    expect(segment).toMatchObject({ playbook: null, interference: 'restricted', reversibility: 'at-once' });
    expect(segment?.contributions).toHaveLength(6);
    expect(segment?.riskReduction[1]).toBeGreaterThan(0);
    const decided = await decide('INC-1', segment?.id ?? '');
    expect(decided.courseTitle).toBe('Segment Desk 3');
    expect((await house.facts('decision.made')).at(-1)?.course).toMatchObject({
      playbook: null,
      measures: [{ kind: 'segment', assetId: 'ast_desk' }],
    });
  });
});

function asset(id: string, ips: readonly string[]): Asset {
  return {
    id,
    name: id,
    macs: [],
    ips: [...ips],
    hostnames: [],
    facts: {},
    services: [],
    peers: [],
    evidence: [],
    conflicts: [],
    sources: [],
    isSample: false,
    isPinned: false,
    firstSeen: START,
    lastSeen: START,
    revision: 1,
  };
}
