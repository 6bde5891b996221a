import { Alert } from '@sphinx/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { House } from '../test-house.ts';

let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterAll(() => house.close());

const send = (raw: string, query: object = {}) => house.ask('takeLogs', { raw, query });

async function untilAlert(title: RegExp): Promise<Alert> {
  for (;;) {
    await house.drained();
    const found = house.alerts.filter(({ analytic }) => title.test(analytic.title)).at(-1);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const RULE = `
title: Pump Stopped by Hand
id: 7f0f7c1e-6f0a-4d6b-9b0a-0d5a6a3c1111
status: test
logsource: { product: linux, service: syslog }
detection:
  selection: { program: pump }
  words: [stopped by]
  condition: selection and words
level: high
tags: [attack.impact, attack.t1489]
`;

describe('Rules over events as they come in', () => {
  it('of hospitals are on by themselves, and raise an alert of who did what, as one fact', async () => {
    const lines = Array.from(
      { length: 60 },
      (_, n) =>
        `{"time":"2026-11-30T08:15:${String(n).padStart(2, '0')}Z","user":"a.berg","action":"view","patient":"Ada-${n}","src_ip":"10.1.2.3"}`,
    );
    await send(lines.join('\n'), { source: 'ehr' });
    const alert = await untilAlert(/Very Many Records Opened/);
    expect(Alert.safeParse(alert).error).toBeUndefined();
    expect(alert).toMatchObject({ kind: 'log-rule', severity: 'high', techniques: ['T1213'], count: 60 });
    expect(alert.subjects).toContainEqual({ role: 'actor', type: 'user', value: 'a.berg' });
    expect(JSON.stringify(alert)).not.toContain('Ada-');
    const { items } = await house.ask<{ items: Alert[] }>('listLogAlerts', { query: { severity: 'high' } });
    expect(items.map(({ id }) => id)).toContain(alert.id);
    expect((await house.search(`log_id:${alert.evidence[0]?.id}`))[0]).toMatchObject({ actor_user: 'a.berg' });
  });

  it('about removable media tell no name of a file, and what was done is told in numbers', async () => {
    const line = (name: string) =>
      `{"EventID":4663,"Channel":"Security","Task":12812,"Computer":"ws7","SubjectUserName":"k.wolf","ObjectName":"\\\\Device\\\\HarddiskVolume7\\\\${name}","AccessMask":"0x2"}`;
    await send([line('Muster Erika.dcm'), line('Muster Erika.dcm'), line('Befund.pdf')].join('\n'));
    const alert = await untilAlert(/Images of Patients Copied/);
    expect(alert.evidence[0]?.summary).toBe('windows-removable-storage: removable medium, written: dicom');
    const shown = await house.search('format:windows-removable-storage');
    expect(shown).toHaveLength(3);
    for (;;) {
      await house.drained();
      if (house.media.length > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(house.media).toMatchObject([
      { host: 'ws7', user: 'k.wolf', action: 'written', files: 2, fileKinds: { dicom: 1, document: 1 }, events: 3 },
    ]);
    expect(JSON.stringify([alert, shown, house.media])).not.toMatch(/Muster|Befund/);
  });

  it('of the site match from when they are added, and repeats are one alert that counts them', async () => {
    const added = await house.ask<{ id: string }>('addLogRuleSet', {
      body: { title: 'Pumps', files: [{ name: 'pump.yml', content: RULE }] },
    });
    expect(added).toMatchObject({ rules: 1, rejected: 0, isOwn: false });
    const line = '<13>Nov 30 08:15:02 icu2 pump: stopped by k.wolf';
    await send(`${line}\n${line}\n${line}`);
    expect(await untilAlert(/Pump Stopped/)).toMatchObject({ count: 1, techniques: ['T1489'] });
    await send('<13>Nov 30 08:15:02 icu3 pump: stopped by somebody');
    await house.restart();
    await house.drained();
    const raised = house.alerts.filter(({ analytic }) => /Pump Stopped/.test(analytic.title));
    expect(raised.map(({ count, subjects }) => [count, subjects[0]?.value])).toEqual([
      [1, 'icu2'],
      [1, 'icu3'],
      [3, 'icu2'],
    ]);
    expect(new Set(raised.map(({ id }) => id)).size).toBe(2);
    const { items } = await house.ask<{ items: { id: string; alerts: number }[] }>('listLogRules');
    expect(items.find(({ id }) => id.startsWith('7f0f7c1e'))?.alerts).toBe(2);
  });

  it('are silent when they, or their set, are off', async () => {
    const before = house.alerts.length;
    const line = (host: string) => `<13>Nov 30 08:15:02 ${host} pump: stopped by k.wolf`;
    const id = '7f0f7c1e-6f0a-4d6b-9b0a-0d5a6a3c1111';
    await house.ask('switchLogRule', { params: { id }, body: { isEnabled: false } });
    await send(line('icu4'));
    await house.ask('switchLogRule', { params: { id }, body: { isEnabled: true } });
    const sets = await house.ask<{ items: { id: string; title: string }[] }>('listLogRuleSets');
    const pumps = sets.items.find(({ title }) => title === 'Pumps')?.id ?? '';
    await house.ask('switchLogRuleSet', { params: { id: pumps }, body: { isEnabled: false } });
    await send(line('icu5'));
    await house.ask('switchLogRuleSet', { params: { id: pumps }, body: { isEnabled: true } });
    await send(line('icu6'));
    await expect.poll(() => house.alerts.length).toBe(before + 1);
    expect(house.alerts.at(-1)?.subjects[0]?.value).toBe('icu6');
    await house.ask('removeLogRuleSet', { params: { id: pumps } });
    await expect(house.ask('removeLogRuleSet', { params: { id: 'hospital' } })).rejects.toThrow(/come with SPHINX/);
  });

  it('that cannot be loaded are refused with the reason', async () => {
    const files = [{ name: 'x.yml', content: 'title: x\ndetection: {}' }];
    await expect(house.ask('addLogRuleSet', { body: { title: 'x', files } })).rejects.toMatchObject({
      code: 'SPX_INVALID_INPUT',
    });
  });
});

describe('A saved search', () => {
  it('that is asked by itself raises an alert when enough events fit', async () => {
    await send(
      Array.from({ length: 5 }, (_, n) => `{"msg":"door opened ${n}","door":"server room","host":"door7"}`).join('\n'),
    );
    const schedule = { everyMinutes: 1, windowMinutes: 60, threshold: 5, severity: 'medium' };
    await house.ask('saveLogSearch', { body: { title: 'Doors', query: 'door:"server room"', schedule } });
    await house.ask('saveLogSearch', {
      body: { title: 'Many doors', query: 'door:*', schedule: { ...schedule, threshold: 6 } },
    });
    // It is asked when the service starts, and then as often as it says.
    await house.restart();
    expect(await untilAlert(/^Doors$/)).toMatchObject({
      kind: 'log-search',
      count: 5,
      severity: 'medium',
      subjects: [{ role: 'affected', type: 'hostname', value: 'door7' }],
    });
    const searches = async () =>
      (await house.ask<{ items: { id: string; title: string; lastCount: number | null }[] }>('listLogSearches')).items;
    let items = await searches();
    while (items.some(({ lastCount }) => lastCount === null)) items = await searches();
    expect(house.alerts.some(({ analytic }) => analytic.title === 'Many doors')).toBe(false);
    expect(items.map(({ title, lastCount }) => [title, lastCount])).toEqual([
      ['Doors', 5],
      ['Many doors', 5],
    ]);
    await house.ask('removeLogSearch', { params: { id: items[0]?.id } });
  });

  it('with a query that cannot be meant so is refused', async () => {
    await expect(house.ask('saveLogSearch', { body: { title: 'x', query: '(' } })).rejects.toMatchObject({
      code: 'SPX_INVALID_INPUT',
    });
  });
});
