import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ChokePointItem, PathItem, WhatIfReport } from './routes/path-shapes.ts';
import { House } from './test-house.ts';

interface Page<T> {
  readonly items: readonly T[];
}

let house: House;

beforeAll(async () => {
  house = await House.open();
  await house.hospital({
    pc: {
      kind: 'workstation',
      ip: '10.1.3.7',
      asks: [
        ['dc', 'kerberos'],
        ['his', 'tls'],
      ],
    },
    dc: { kind: 'domain-controller', ip: '10.1.9.5' },
    backup: { kind: 'backup-server', ip: '10.1.8.8', asks: [['dc', 'kerberos']] },
    his: { kind: 'his', careArea: '', ip: '10.1.7.7', asks: [['dc', 'ldap']] },
    gateway: { kind: 'device-gateway', ip: '10.1.6.6', asks: [['dc', 'kerberos']] },
    pump: {
      kind: 'infusion-pump',
      careArea: 'ICU',
      safety: 'life-sustaining',
      ip: '10.1.5.5',
      asks: [['gateway', 'tls']],
    },
  });
});
afterAll(() => house.close());

const whatIf = (body: object) => house.ask<WhatIfReport>('askAttackPaths', { body });

describe('attack paths of a hospital', () => {
  it('tell step by step how somebody gets from a mail to the backups and to a pump', async () => {
    const { items } = await house.ask<Page<PathItem>>('listAttackPaths');
    const to = (id: string) => items.find((item) => item.id === id);
    expect(to('backup')?.steps.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^It comes in by a mail or a page that somebody opens on pc; works in 30 % of tries/),
      expect.stringMatching(/^From pc it attacks dc over kerberos, which pc uses anyway/),
      expect.stringMatching(
        /^Whoever has dc has backup, which signs in there or is kept by it; works in 80 % of tries/,
      ),
    ]);
    expect(to('pump')?.steps.map((step) => step.to.name)).toEqual(['pc', 'dc', 'gateway', 'pump']);
    expect(items[0]?.probability).toBeGreaterThan(items.at(-1)?.probability ?? 1);
    const { items: backups } = await house.ask<Page<PathItem>>('listAttackPaths', { query: { group: 'backups' } });
    expect(backups.map(({ id }) => id)).toEqual(['backup']);
  });

  it('name what all of them pass', async () => {
    const { items } = await house.ask<Page<ChokePointItem>>('listChokePoints');
    expect(items.slice(0, 2).map(({ name }) => name)).toEqual(['pc', 'dc']);
    expect(items.find(({ name }) => name === 'dc')?.guarded).toContain('Backups: 1');
  });

  it('tell what a change would leave and what it would cost care', async () => {
    const off = await whatIf({ off: ['dc'] });
    expect(off.text).toMatch(/fewer targets are within reach/);
    expect(off.groups.find(({ id }) => id === 'backups')).toMatchObject({
      before: { withinReach: 1 },
      after: { withinReach: 0, likeliest: 0 },
    });
    expect(off.care).toMatch(/Patient records is degraded/);
    const parted = await whatIf({ parted: ['pump'] });
    expect(parted.care).toMatch(/^Nothing is switched off/);
    await expect(whatIf({ patched: ['nobody'] })).rejects.toThrow('There is no asset "nobody".');
  });

  it('are what measures are tried on when somebody has to decide: combinations, most effective first', async () => {
    await house.publish('measures.requested', 'inc_1', {
      subject: { kind: 'incident', id: 'inc_1' },
      assetIds: ['pc'],
      isSample: false,
    });
    await vi.waitFor(async () => expect(await house.facts('measures.evaluated')).toHaveLength(1), 10_000);
    const [told] = await house.facts('measures.evaluated');
    const texts = told?.options.map(({ measures }) =>
      measures.map(({ kind, assetId }) => `${kind} ${assetId}`).join('+'),
    );
    // What the incident concerns is cut off: nothing leads on from it.
    expect(texts).toContain('switch-off pc');
    expect(told?.options.find(({ measures }) => measures[0]?.kind === 'switch-off')?.reduction).toBeCloseTo(1, 6);
    expect(told?.note).toBe('');
    const reductions = told?.options.map(({ reduction }) => reduction) ?? [];
    expect(reductions).toEqual(reductions.toSorted((a, b) => b - a));
    // Ways stay as they are: it was only tried.
    const { items } = await house.ask<Page<PathItem>>('listAttackPaths');
    expect(items.map(({ id }) => id)).toContain('backup');
  });

  it('say why nothing is found: of devices nobody knows, and of those from which nothing leads on', async () => {
    for (const [id, assets] of [
      ['inc_2', ['ghost']],
      ['inc_3', ['backup']],
    ] as const) {
      const subject = { kind: 'weakness' as const, id };
      await house.publish('measures.requested', id, { subject, assetIds: [...assets], isSample: false });
    }
    await vi.waitFor(async () => expect(await house.facts('measures.evaluated')).toHaveLength(3), 10_000);
    const notes = (await house.facts('measures.evaluated')).slice(1).map(({ note, options }) => [options.length, note]);
    expect(notes[0]).toEqual([0, expect.stringMatching(/knows none of the devices/)]);
  });
});
