import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../clock/clock.ts';
import { openPgliteStateStore } from '../state-store/pglite/pglite-state-store.ts';
import type { StateStore } from '../state-store/state-store.ts';
import { AuditTrail } from './audit-trail.ts';

describe('the audit trail', () => {
  let state: StateStore;
  let audit: AuditTrail;
  const add = (subject: string) =>
    audit.append({
      actorKind: 'user',
      actorId: 'usr_1',
      actorName: 'ada',
      action: 'service.change',
      subject,
      outcome: 'success',
    });

  beforeAll(async () => {
    state = await openPgliteStateStore({});
    audit = await AuditTrail.open({ state, clock: new ManualClock(0) });
  });
  afterAll(() => state.close());
  beforeEach(async () => {
    await state.query('DELETE FROM audit.entry');
    for (let index = 1; index <= 30; index++) await add(`service-${index}`);
  });

  it('is intact while nobody touched it', async () => {
    expect(await audit.verify()).toMatchObject({ isIntact: true, entries: 30, brokenAt: null });
  });

  it('keeps its order when many changes happen at once', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, index) => add(`at-once-${index}`)));
    expect(await audit.verify()).toMatchObject({ isIntact: true, entries: 80 });
  });

  const tampering: readonly [string, string, number][] = [
    ['a changed subject', "UPDATE audit.entry SET subject = 'other' WHERE sequence = 12", 12],
    ['a changed time', 'UPDATE audit.entry SET time = time + 1 WHERE sequence = 1', 1],
    ['a changed outcome', "UPDATE audit.entry SET outcome = 'refused' WHERE sequence = 30", 30],
    ['a removed entry', 'DELETE FROM audit.entry WHERE sequence = 12', 13],
    [
      'a text moved between fields',
      "UPDATE audit.entry SET action = 'service.changeservice-7', subject = '' WHERE sequence = 7",
      7,
    ],
  ];
  it.each(tampering)('shows %s', async (_what, statement, brokenAt) => {
    await state.query(statement);
    expect(await audit.verify()).toMatchObject({ isIntact: false, brokenAt });
  });

  it('says of a change that was cut off that nobody knows how it ended', async () => {
    const change = { actorKind: 'user', actorId: 'usr_1', actorName: 'ada', action: 'asset.merge' } as const;
    await audit.announce({ ...change, subject: 'cut-off' });
    const announcement = await audit.announce({ ...change, subject: 'done' });
    await audit.append({ ...change, subject: 'done', outcome: 'success' }, announcement);
    const reopened = await AuditTrail.open({ state, clock: new ManualClock(0) });
    const [latest, before] = await reopened.list({ limit: 2 });
    expect(latest).toMatchObject({ ...change, subject: 'cut-off', outcome: 'interrupted' });
    expect(before).toMatchObject({ ...change, subject: 'done', outcome: 'success' });
    expect(await reopened.verify()).toMatchObject({ isIntact: true, entries: 32 });
    await AuditTrail.open({ state, clock: new ManualClock(0) });
    expect(await reopened.verify()).toMatchObject({ entries: 32 });
  });

  it('is read newest first, page by page, and searched without wildcards of the caller', async () => {
    const first = await audit.list({ limit: 10 });
    const next = await audit.list({ limit: 10, before: first.at(-1)?.sequence ?? 0 });
    expect([...first, ...next].map(({ sequence }) => sequence)).toEqual(Array.from({ length: 20 }, (_, i) => 30 - i));
    expect(await audit.list({ limit: 10, search: 'SERVICE-3' })).toHaveLength(2);
    expect(await audit.list({ limit: 10, search: '%' })).toHaveLength(0);
  });
});
