import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playbookWith } from '../../packages/playbooks/src/test-playbook.ts';
import type { PlaybookDetail, PlaybookItem } from './routes/playbook-shapes.ts';
import { House } from './test-house.ts';

interface Page<T> {
  readonly items: readonly T[];
}

let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterAll(() => house.close());

async function playbooks(query: object = {}): Promise<readonly PlaybookItem[]> {
  return (await house.ask<Page<PlaybookItem>>('listPlaybooks', { query })).items;
}

async function exported(id: string): Promise<Record<string, unknown>> {
  const response = await house.ask<Response>('exportPlaybook', { params: { id } });
  return (await response.json()) as Record<string, unknown>;
}

describe('The library of playbooks', () => {
  it('has those that SPHINX brings, most urgent first, and finds them', async () => {
    const all = await playbooks();
    expect(all.length).toBeGreaterThanOrEqual(40);
    expect(all[0]?.priority).toBe(1);
    expect((await playbooks({ search: 'ransom' })).map(({ key }) => key)).toContain('ransomware');
    expect((await playbooks({ subject: 'weakness' })).every(({ subjects }) => subjects.includes('weakness'))).toBe(
      true,
    );
  });

  it('tells one from top to bottom, with cautions and sources', async () => {
    const [item] = await playbooks({ search: 'device-tampering' });
    const detail = await house.ask<PlaybookDetail>('getPlaybook', { params: { id: item?.id ?? '' } });
    expect(detail.outline.find(({ type }) => type === 'action')).toMatchObject({
      number: '1',
      name: 'Go to the patient',
    });
    expect(detail.response?.clinical_cautions.length).toBeGreaterThan(0);
    expect(detail.sources.some(({ url }) => url?.startsWith('https://') === true)).toBe(true);
    expect(detail.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('gives out what can be taken in again, and goes back to its own when that is removed', async () => {
    const [item] = await playbooks({ search: 'ddos' });
    const id = item?.id ?? '';
    const changed = { ...(await exported(id)), name: 'Flooded: our way', modified: '2026-12-01T00:00:00.000Z' };
    await house.ask('importPlaybook', { body: { content: JSON.stringify(changed) } });
    await house.restart();
    expect((await playbooks({ search: 'our way' }))[0]).toMatchObject({
      id,
      origin: 'hospital',
      isReplacing: true,
      broughtBy: 'Anna Berg',
    });
    expect(await exported(id)).toEqual(changed);
    const older = { ...changed, modified: '2026-11-30T19:00:00.000Z' };
    await expect(house.ask('importPlaybook', { body: { content: JSON.stringify(older) } })).rejects.toThrow(
      /newer version/,
    );
    await house.ask('removePlaybook', { params: { id } });
    expect((await playbooks({ search: 'our way' })).length).toBe(0);
    expect((await exported(id)).name).toBe(item?.name);
    await expect(house.ask('removePlaybook', { params: { id } })).rejects.toThrow(/SPHINX brings/);
  });

  it('takes playbooks of others, and says exactly why it does not', async () => {
    const own = playbookWith();
    await house.ask('importPlaybook', { body: { content: JSON.stringify(own) } });
    expect(await playbooks({ origin: 'hospital' })).toMatchObject([
      { name: 'Call the ward', subjects: [], key: own.id },
    ]);
    const broken = JSON.stringify(playbookWith({ workflow_start: 'start--x' }));
    await expect(house.ask('importPlaybook', { body: { content: broken } })).rejects.toThrow(
      /error: workflow_start: .*UUID/,
    );
    expect(await house.ask('checkPlaybook', { body: { content: broken } })).toMatchObject({ isWhole: false });
  });
});
