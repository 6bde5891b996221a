import type { Fact } from '@sphinx/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activity, IncidentView } from './incidents/incident-record.ts';
import type { SimilarIncident } from './incidents/similar.ts';
import { alert, DAY, detection, HOUR, House, MINUTE, START } from './test-house.ts';

interface Page<T> {
  readonly items: readonly T[];
}
type Detail = IncidentView & {
  readonly activity: readonly Activity[];
  readonly checklists: readonly {
    readonly id: string;
    readonly steps: readonly { readonly id: string; readonly doneAt: number | null; readonly by: string }[];
  }[];
};

let house: House;
beforeAll(async () => {
  house = await House.open();
  await house.device('ws-12', '10.1.0.12', { kind: 'workstation' });
  await house.device('ws-40', '10.1.0.40', { kind: 'workstation' });
  await house.device('files', '10.1.0.2', { kind: 'server' });
  await house.device('icu-pump-3', '10.2.0.3', {
    kind: 'infusion-pump',
    patientSafetyClass: 'therapy',
    careArea: 'Intensive care',
  });
});
afterAll(() => house.close());

async function incidents(search: string, attention = 'incident'): Promise<readonly IncidentView[]> {
  return (await house.ask<Page<IncidentView>>('listIncidents', { query: { search, attention } })).items;
}

async function one(search: string): Promise<IncidentView> {
  const [found, ...more] = await incidents(search);
  if (found === undefined || more.length > 0)
    throw new Error(`${more.length + (found === undefined ? 0 : 1)} incidents of ${search}`);
  return found;
}

/** Malware on a workstation that steals an account and reaches a pump. */
async function attack(at: number): Promise<void> {
  const trojan = { sid: 1, title: 'Trojan calls home', class: 'trojan-activity', severity: 'high' } as const;
  await house.publish(
    'detection.found',
    detection({ ...trojan, from: '10.1.0.12', to: '203.0.113.66', time: at, techniques: ['T1071.001'] }),
  );
  await house.publish(
    'alert.raised',
    alert({
      rule: 'Credentials read from memory',
      severity: 'high',
      techniques: ['T1003.001'],
      time: at + 20 * MINUTE,
      subjects: [
        { role: 'affected', type: 'hostname', value: 'WS-12' },
        { role: 'actor', type: 'user', value: 'WARD\\a.berg' },
      ],
    }),
  );
  await house.publish(
    'detection.found',
    detection({
      sid: 2,
      title: 'Infusion pump is told to change',
      from: '10.1.0.12',
      to: '10.2.0.3',
      time: at + HOUR,
      severity: 'medium',
      techniques: ['T0855'],
    }),
  );
}

describe('Signals of one attack', () => {
  it('become one incident that says what it means for patients, told once', async () => {
    await attack(START);
    const incident = await one('ws-12');
    expect(incident).toMatchObject({
      attention: 'incident',
      status: 'new',
      severity: 'critical',
      signals: 3,
      stages: ['credential-access', 'command-and-control', 'impact'],
      users: ['a.berg'],
      addresses: ['203.0.113.66'],
    });
    expect(incident.number).toBeGreaterThan(0);
    expect(incident.clinicalImpact).toBe('icu-pump-3 (Intensive care) treats patients: a failure can injure.');
    expect(incident.summary).toContain(
      'Stages of an attack that were reached: Credential access, Command and control, Impact',
    );
    expect(incident.assets.map(({ name }) => name)).toEqual(['ws-12', 'icu-pump-3']);
    const told = house.told.filter(({ key }) => key === incident.id);
    expect(told.filter(({ type }) => type === 'incident.opened')).toHaveLength(1);
    expect((told.at(-1) as Fact<'incident.opened'>).data.title).toBe(incident.title);
  });

  it('that repeat collapse into one line and are no news', async () => {
    const before = await one('ws-12');
    const news = house.told.length;
    for (let count = 0; count < 20; count++) {
      const time = START + 2 * HOUR + count * MINUTE;
      await house.publish(
        'detection.found',
        detection({
          sid: 1,
          title: 'Trojan calls home',
          class: 'trojan-activity',
          severity: 'high',
          from: '10.1.0.12',
          to: '203.0.113.66',
          time,
          techniques: ['T1071.001'],
        }),
      );
    }
    const after = await one('ws-12');
    expect(after.signals).toBe(before.signals + 20);
    const { items } = await house.ask<Page<{ count: number; analytic: { title: string } }>>('listIncidentSignals', {
      params: { id: after.id },
    });
    expect(items).toHaveLength(3);
    expect(items[0]).toMatchObject({ count: 21, analytic: { title: 'Trojan calls home' } });
    expect(house.told.length).toBe(news);
  });

  it('count once although they are delivered once more', async () => {
    const before = await one('ws-12');
    await house.deliverAgain();
    expect(await one('ws-12')).toEqual(before);
  });

  it('that grow are told again and counted once', async () => {
    const subjects = [{ role: 'actor' as const, type: 'ip' as const, value: '10.8.0.1' }];
    const first = alert({ rule: 'Decoy', kind: 'decoy', severity: 'high', time: START, subjects });
    for (const count of [1, 5, 5, 9]) {
      await house.publish('alert.raised', { ...first, count, endTime: START + count });
    }
    const [noted] = [...(await incidents('10.8.0.1', 'noted')), ...(await incidents('10.8.0.1'))];
    expect(noted).toMatchObject({ signals: 9 });
  });

  it('count for the week in which they came in, also when an old capture tells them', async () => {
    const week = () => house.ask<{ signalsLastWeek: number }>('summariseIncidents');
    const before = await week();
    const ends = { from: '10.1.0.77', to: '203.0.113.77' };
    await house.publish(
      'detection.found',
      detection({ sid: 77, title: 'Seen long ago', time: START - 60 * DAY, ...ends }),
    );
    expect((await week()).signalsLastWeek).toBe(before.signalsLastWeek + 1);
  });

  it('of somebody else stay apart', async () => {
    await house.publish(
      'detection.found',
      detection({
        sid: 9,
        title: 'Shell code',
        severity: 'critical',
        from: '10.1.0.40',
        to: '10.1.0.2',
        time: START + HOUR,
        class: 'shellcode-detect',
      }),
    );
    expect((await one('ws-40')).id).not.toBe((await one('ws-12')).id);
  });
});

describe('Noise', () => {
  it('is noted, can be read, and opens nothing', async () => {
    for (let day = 0; day < 6; day++) {
      for (const sid of [101, 102, 103]) {
        const time = START + day * DAY + sid * MINUTE;
        await house.publish(
          'detection.found',
          detection({
            sid,
            title: `Backup reads everything ${sid}`,
            from: '10.9.0.1',
            to: '10.1.0.2',
            time,
            class: 'policy-violation',
          }),
        );
      }
    }
    expect(await incidents('10.9.0.1')).toEqual([]);
    const noted = await incidents('10.9.0.1', 'noted');
    expect(noted.length).toBeGreaterThan(0);
    expect(noted[0]?.reasons.join(' ')).toMatch(/not allowed, not of an attack/);
  });

  it('can be opened by a person who knows more', async () => {
    const [noted] = await incidents('10.9.0.1', 'noted');
    const opened = await house.ask<IncidentView>('openIncident', { params: { id: noted?.id } });
    expect(opened).toMatchObject({ attention: 'incident', status: 'new' });
    expect(opened.reasons[0]).toBe('anna opened it');
    await house.ask('closeIncident', { params: { id: noted?.id }, body: { verdict: 'benign', note: 'The backup' } });
  });
});

describe('Work on an incident', () => {
  it('is assigned, commented, handed over, checked and kept in its history', async () => {
    const { id } = await one('ws-12');
    await house.ask('changeIncident', { params: { id }, body: { owner: 'Anna', status: 'in-progress' } });
    await house.ask('commentIncident', { params: { id }, body: { text: 'The ward was called' } });
    await house.ask('handOverIncident', { params: { id }, body: { to: 'Ben', note: 'Pump was replaced' } });
    const before = await house.ask<Detail>('getIncident', { params: { id } });
    expect(before.checklists.map(({ id: of }) => of)).toEqual(
      expect.arrayContaining(['medical-device', 'malware', 'general']),
    );
    const step = before.checklists[0]?.steps[0]?.id;
    await house.ask('checkIncidentStep', { params: { id }, body: { step, isDone: true, note: 'by phone' } });
    const after = await house.ask<Detail>('getIncident', { params: { id } });
    expect(after).toMatchObject({ owner: 'Ben', status: 'in-progress' });
    expect(after.checklists[0]?.steps[0]).toMatchObject({ by: 'anna', doneAt: expect.any(Number) });
    expect(after.activity.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['opened', 'assigned', 'status', 'comment', 'hand-over', 'checklist']),
    );
    await expect(
      house.ask('checkIncidentStep', { params: { id }, body: { step: 'no.step', isDone: true } }),
    ).rejects.toThrow(/no.step/);
  });

  it('ends with what it was; a closed one takes nothing and is changed by nobody', async () => {
    const { id } = await one('ws-12');
    const closed = await house.ask<IncidentView>('closeIncident', {
      params: { id },
      body: { verdict: 'true', note: 'Reinstalled' },
    });
    expect(closed).toMatchObject({ status: 'closed', verdict: 'true', closingNote: 'Reinstalled' });
    expect(house.told.at(-1)?.type).toBe('incident.closed');
    await expect(house.ask('changeIncident', { params: { id }, body: { owner: 'X' } })).rejects.toThrow(/closed/);
    await attack(START + 6 * HOUR);
    const open = (await incidents('ws-12')).filter(({ status }) => status !== 'closed');
    expect(open).toHaveLength(1);
    const { items } = await house.ask<Page<SimilarIncident>>('listSimilarIncidents', { params: { id: open[0]?.id } });
    expect(items[0]).toMatchObject({ id, verdict: 'true', closingNote: 'Reinstalled' });
    expect(items[0]?.because).toContain('same detections');
  });
});

describe('A closing as harmless', () => {
  const noise = (time: number) =>
    detection({
      sid: 77,
      title: 'Maintenance shell',
      severity: 'critical',
      from: '10.5.0.1',
      to: '10.5.0.2',
      time,
      class: 'attempted-admin',
    });

  it('is learnt from, and what it holds back is shown with the reason', async () => {
    await house.publish('detection.found', noise(START));
    const { id } = await one('10.5.0.1');
    await house.ask('closeIncident', { params: { id }, body: { verdict: 'false', note: 'Maker maintains it' } });
    await house.publish('detection.found', noise(START + 2 * HOUR));
    expect((await incidents('10.5.0.1')).filter(({ status }) => status !== 'closed')).toEqual([]);
    const [held] = await incidents('10.5.0.1', 'held-back');
    expect(held?.reasons.join(' ')).toMatch(/anna said of INC-\d+ that it is harmless/);
    expect(held?.plainScore).toBeGreaterThan(held?.score ?? 0);
  });

  it('survives a restart, and is forgotten when somebody wants so', async () => {
    await house.restart();
    await house.publish('detection.found', noise(START + 8 * DAY));
    expect((await incidents('10.5.0.1')).filter(({ status }) => status !== 'closed')).toEqual([]);
    const { items } = await house.ask<Page<{ id: string; title: string }>>('listIncidentLessons');
    const lesson = items.find(({ title }) => title === 'Maintenance shell');
    await house.ask('forgetIncidentLesson', { params: { id: lesson?.id } });
    await house.publish('detection.found', noise(START + 30 * DAY));
    expect((await incidents('10.5.0.1')).filter(({ status }) => status !== 'closed')).toHaveLength(1);
  });
});

describe('Two incidents that are one', () => {
  it('are merged: the signals move, the first is closed as a duplicate', async () => {
    const critical = { severity: 'critical', class: 'shellcode-detect' } as const;
    await house.publish(
      'detection.found',
      detection({ ...critical, sid: 31, title: 'A', from: '10.6.0.1', to: '10.6.0.2', time: START }),
    );
    await house.publish(
      'detection.found',
      detection({ ...critical, sid: 32, title: 'B', from: '10.6.0.8', to: '10.6.0.9', time: START }),
    );
    const first = await one('10.6.0.1');
    const second = await one('10.6.0.8');
    const merged = await house.ask<IncidentView>('mergeIncident', {
      params: { id: second.id },
      body: { into: first.id },
    });
    expect(merged).toMatchObject({ id: first.id, signals: 2 });
    expect(merged.addresses).toEqual(expect.arrayContaining(['10.6.0.1', '10.6.0.9']));
    const { items } = await house.ask<Page<unknown>>('listIncidentSignals', { params: { id: first.id } });
    expect(items).toHaveLength(2);
    expect(await house.ask('getIncident', { params: { id: second.id } })).toMatchObject({
      status: 'closed',
      verdict: 'duplicate',
      mergedInto: first.id,
    });
  });
});

describe('A source that is removed', () => {
  it('takes with it what it alone told', async () => {
    await house.publish(
      'detection.found',
      detection({
        sid: 41,
        title: 'Of a file',
        severity: 'critical',
        from: '10.7.0.1',
        to: '10.7.0.2',
        time: START,
        source: 'src_file',
      }),
    );
    await one('10.7.0.1');
    await house.publish('source.removed', { source: 'src_file', sample: false });
    expect(await incidents('10.7.0.1')).toEqual([]);
  });
});

describe('The sample hospital', () => {
  const list = (status: string) =>
    house.ask<Page<IncidentView>>('listIncidents', { query: { status, search: 'icu-monitor', limit: 100 } });

  it('shows its incidents beside real ones, is told to nobody and teaches nothing, and goes away', async () => {
    const before = await house.ask<Page<IncidentView>>('listIncidents', { query: { limit: 200 } });
    const told = house.told.length;
    const { incidents: loaded } = await house.ask<{ incidents: number }>('loadSampleIncidents');
    expect(loaded).toBeGreaterThan(29);
    await expect(house.ask('loadSampleIncidents')).rejects.toThrow(/already/);
    const [monitors] = (await list('open')).items;
    expect(monitors).toMatchObject({ isSample: true, status: 'new', severity: 'critical' });
    expect(monitors?.clinicalImpact).toContain('Intensive care');
    const id = monitors?.id;
    await house.ask('commentIncident', { params: { id }, body: { text: 'tried' } });
    await house.ask('closeIncident', { params: { id }, body: { verdict: 'false', note: 'tried' } });
    const { items: lessons } = await house.ask<Page<{ incident: string }>>('listIncidentLessons');
    expect(lessons.map(({ incident }) => incident)).not.toContain(`INC-${monitors?.number}`);
    const closed = (await list('closed')).items.find((each) => each.id === id);
    expect(closed?.clinicalImpact).toBe(monitors?.clinicalImpact);
    const real = before.items.find(({ status }) => status !== 'closed');
    await expect(house.ask('mergeIncident', { params: { id: real?.id }, body: { into: id } })).rejects.toThrow(/apart/);
    await house.restart();
    expect(house.told.length).toBe(told);
    expect(await house.ask('removeSampleIncidents')).toEqual({ incidents: loaded });
    const after = await house.ask<Page<IncidentView>>('listIncidents', { query: { limit: 200 } });
    expect(after).toEqual(before);
    expect((await house.ask<{ sample: number }>('summariseIncidents')).sample).toBe(0);
  });
});
