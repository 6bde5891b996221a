import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSigningKey, trustedKeyOf } from '@sphinx/platform/signing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { machineOf } from '../means/machine.ts';
import { findDrift, openKnownGood, signKnownGood } from './known-good.ts';
import {
  advanceRecovery,
  beginRecovery,
  DEFAULT_RECOVERY_POLICY,
  orderOf,
  type RecoveryEvent,
  type RecoveryState,
} from './recovery-run.ts';
import { type Dependency, planRestoreOrder, type Restorable } from './restore-order.ts';
import { readFiles, takeState } from './take-state.ts';

const thing = (id: string, more: Partial<Restorable> = {}): Restorable => ({
  id,
  name: id,
  isLifeSustaining: false,
  beds: 0,
  ...more,
});
const on = (needs: string, other: string): Dependency => ({ needs, on: other });

describe('The order of restoring', () => {
  it('has what is needed first, and then what lives wait for', () => {
    const things = [
      thing('canteen', { beds: 900 }),
      thing('archive', { beds: 200 }),
      thing('ventilators', { isLifeSustaining: true, beds: 12 }),
      thing('database'),
      thing('directory'),
    ];
    const steps = planRestoreOrder(things, [
      on('archive', 'database'),
      on('ventilators', 'directory'),
      on('canteen', 'elsewhere'),
    ]);
    expect(steps.map(({ id, wave }) => `${wave} ${id}`)).toEqual([
      '1 directory',
      '1 canteen',
      '1 database',
      '2 ventilators',
      '2 archive',
    ]);
    const reasons = Object.fromEntries(steps.map(({ id, reasons }) => [id, reasons.join(' ')]));
    expect(reasons.directory).toContain('ventilators needs it, which is life-sustaining.');
    expect(reasons.archive).toContain('It needs database first.');
    expect(reasons.canteen).toContain('900 beds');
  });

  it('takes those that need each other together, and says so', () => {
    const steps = planRestoreOrder([thing('a'), thing('b'), thing('c')], [on('a', 'b'), on('b', 'a'), on('c', 'a')]);
    expect(steps.map(({ id, wave }) => `${wave} ${id}`)).toEqual(['1 a', '1 b', '2 c']);
    expect(steps[0]?.reasons.join()).toContain('b need each other');
  });

  it('has deadlines before beds', () => {
    const steps = planRestoreOrder(
      [thing('later', { beds: 50, goalMinutes: 240 }), thing('soon', { goalMinutes: 15 })],
      [],
    );
    expect(steps.map(({ id }) => id)).toEqual(['soon', 'later']);
  });

  it('has everything once, nothing before what it needs, and does not depend on how the input is sorted', () => {
    const id = fc.integer({ min: 0, max: 12 }).map(String);
    const thingArbitrary = fc.record({
      id,
      isLifeSustaining: fc.boolean(),
      beds: fc.nat(5),
      goalMinutes: fc.option(fc.nat(3), { nil: undefined }),
    });
    const things = fc.uniqueArray(thingArbitrary, { selector: ({ id }) => id });
    const dependencies = fc.array(fc.record({ needs: id, on: id }));
    fc.assert(
      fc.property(things, dependencies, (given, edges) => {
        const all = given.map((one) => ({ ...one, name: one.id }));
        const steps = planRestoreOrder(all, edges);
        const waveOf = new Map(steps.map(({ id, wave }) => [id, wave]));
        expect(waveOf.size).toBe(all.length);
        for (const { needs, on } of edges) {
          const [later, earlier] = [waveOf.get(needs), waveOf.get(on)];
          if (later !== undefined && earlier !== undefined) expect(later).toBeGreaterThanOrEqual(earlier);
        }
        expect(planRestoreOrder([...all].reverse(), [...edges].reverse())).toEqual(steps);
      }),
    );
  });

  it('is found for maps that are as deep as a hospital is large', () => {
    const things = Array.from({ length: 20_000 }, (_, at) => thing(String(at)));
    const steps = planRestoreOrder(
      things,
      things.slice(1).map(({ id }) => on(id, String(Number(id) - 1))),
    );
    expect(steps.at(-1)).toMatchObject({ id: '19999', wave: 20_000 });
  });
});

describe('The recovery of one thing', () => {
  const run = (events: readonly RecoveryEvent[], stepMs = 1000): RecoveryState =>
    events.reduce((state, event, at) => advanceRecovery(state, event, (at + 1) * stepMs), beginRecovery(0));
  const good: RecoveryEvent = { type: 'verified', hashesFit: true, serviceAnswers: true, reason: '' };
  const up: RecoveryEvent = { type: 'probe', isUp: true, reason: '' };
  const down: RecoveryEvent = { type: 'probe', isUp: false, reason: 'no echo.' };

  it('goes from waiting by restoring, verifying and watching to service', () => {
    let state = run([{ type: 'ready' }, { type: 'restored' }, good]);
    expect(orderOf(state)).toEqual({ do: 'probe' });
    state = advanceRecovery(state, up, 10_000);
    expect(state.phase).toBe('watching');
    state = advanceRecovery(state, up, 3000 + DEFAULT_RECOVERY_POLICY.watchMs);
    expect(orderOf(state)).toEqual({ do: 'release' });
    expect(advanceRecovery(state, { type: 'released' }, 1e9).phase).toBe('released');
  });

  it('takes the copy before when hashes differ or it goes down again, and a person when there is none left', () => {
    const bad: RecoveryEvent = { type: 'verified', hashesFit: false, serviceAnswers: true, reason: 'letter 3.' };
    const second = run([{ type: 'ready' }, { type: 'restored' }, bad]);
    expect(orderOf(second)).toEqual({ do: 'restore', olderBy: 1 });
    const third = [{ type: 'restored' } as const, good, down, down, down].reduce(
      (state, event) => advanceRecovery(state, event, 9000),
      second,
    );
    expect(orderOf(third)).toEqual({ do: 'restore', olderBy: 2 });
    const last = [{ type: 'restored' } as const, bad].reduce(
      (state, event) => advanceRecovery(state, event, 9000),
      third,
    );
    expect(orderOf(last)).toEqual({ do: 'tell-person' });
  });

  it('is not released while something is wrong with it', () => {
    const watching = run([{ type: 'ready' }, { type: 'restored' }, good]);
    const late = 4000 + DEFAULT_RECOVERY_POLICY.watchMs;
    expect(advanceRecovery(advanceRecovery(watching, down, late), { type: 'time' }, late + 1).phase).toBe('watching');
    expect(advanceRecovery(watching, { type: 'attack-seen', reason: 'files change.' }, 5000).phase).toBe(
      'needs-person',
    );
  });

  it('can be stopped before it is released, and is taken back then', () => {
    const state = run([{ type: 'ready' }, { type: 'restored' }, { type: 'stop', by: 'Dr. Grey' }]);
    expect(orderOf(state)).toEqual({ do: 'take-back' });
    expect(advanceRecovery(state, { type: 'taken-back' }, 9000).phase).toBe('taken-back');
    expect(run([{ type: 'stop', by: 'Dr. Grey' }]).phase).toBe('taken-back');
  });

  it('is released only after hashes fitted and it answered, whatever happens in whichever order', () => {
    const reason = fc.constant('');
    const event = fc.oneof<fc.Arbitrary<RecoveryEvent>[]>(
      fc.constantFrom('ready', 'restored', 'time', 'released', 'taken-back').map((type) => ({ type })),
      fc.record({
        type: fc.constant('verified' as const),
        hashesFit: fc.boolean(),
        serviceAnswers: fc.boolean(),
        reason,
      }),
      fc.record({ type: fc.constant('probe' as const), isUp: fc.boolean(), reason }),
      fc.record({ type: fc.constant('restore-failed' as const), isTemporary: fc.boolean(), reason }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const state = run(events, 10 * 60_000);
        const isVerified = events.some((one) => one.type === 'verified' && one.hashesFit && one.serviceAnswers);
        expect(state.attempt).toBeLessThanOrEqual(DEFAULT_RECOVERY_POLICY.attempts);
        if (state.phase === 'released') expect(isVerified).toBe(true);
        const repeated = JSON.parse(JSON.stringify(state)) as RecoveryState;
        expect(orderOf(repeated)).toEqual(orderOf(state));
      }),
    );
  });
});

describe('The known-good state', () => {
  it('is taken with hash, owner and mode of each file, and what differs later is told', async () => {
    const folder = await mkdtemp(join(tmpdir(), "sphinx-state-it's\n"));
    await mkdir(join(folder, 'etc'));
    for (const name of ['a.conf', 'b.conf', 'c.conf', 'line\nbreak']) await writeFile(join(folder, 'etc', name), name);
    await symlink('/etc/hosts', join(folder, 'etc/hosts'));
    const machine = machineOf(undefined, { secrets: { get: async () => undefined } });
    const signal = new AbortController().signal;
    const scope = {
      assetId: 'asset-1',
      paths: [folder],
      texts: { rules: ['cat', join(folder, 'etc/a.conf')] },
      services: ['printf', 'sshd.service loaded\ncron\n'],
    };
    const good = await takeState(machine, scope, 1, signal);
    expect(good.services).toEqual(['cron', 'sshd.service']);
    expect(findDrift(good, await takeState(machine, scope, 2, signal))).toEqual([]);
    await writeFile(join(folder, 'etc/a.conf'), 'changed');
    await chmod(join(folder, 'etc/b.conf'), 0o777);
    await rm(join(folder, 'etc/c.conf'));
    await rm(join(folder, 'etc/hosts'));
    await symlink('/etc/shadow', join(folder, 'etc/hosts'));
    await writeFile(join(folder, 'etc/README'), 'pay');
    const now = await takeState(machine, { ...scope, services: ['echo', 'cron'] }, 3, signal);
    const drift = findDrift(good, now).map(({ kind, subject }) => `${kind} ${subject.replace(`${folder}/`, '')}`);
    expect(drift.sort()).toEqual([
      'file-changed etc/a.conf',
      'file-changed etc/hosts',
      'file-gone etc/c.conf',
      'file-new etc/README',
      'rights-changed etc/b.conf',
      'service-gone sshd.service',
      'text-changed rules',
    ]);
    const { stdout } = await promisify(execFile)('sha256sum', ['-z', join(folder, 'etc/b.conf')]);
    expect(now.files[join(folder, 'etc/b.conf')]?.sha256).toBe(stdout.slice(0, 64));
    await rm(folder, { recursive: true });
  });

  it('is believed only as long as nobody changed it', () => {
    const key = createSigningKey(0);
    const state = { assetId: 'asset-1', takenAt: 1, files: {}, services: ['sshd'], texts: {} };
    const envelope = signKnownGood(state, key);
    expect(openKnownGood(envelope, [trustedKeyOf(key)])).toEqual({ state });
    const payload = Buffer.from(JSON.stringify({ ...state, services: [] })).toString('base64');
    expect(openKnownGood({ ...envelope, payload }, [trustedKeyOf(key)])).toHaveProperty('reason');
    expect(openKnownGood(envelope, [trustedKeyOf(createSigningKey(0))])).toHaveProperty('reason');
  });

  it('is read from whatever find and sha256sum print', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (listed, hashes) => typeof readFiles(listed, hashes) === 'object'));
  });
});
