import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StateStore } from '@sphinx/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunDetail } from './routes/response-shapes.ts';
import { rulesIn } from './test-file-actuator.ts';
import { asset, House } from './test-house.ts';
import { BLOCK, CONTAIN, END, openc2, playbookOf, stepId } from './test-playbook.ts';

const CHILD = fileURLToPath(new URL('./test-kill-child.ts', import.meta.url));

/** Runs the program until it ends itself at the moment, or is done. @returns whether it was killed */
function runUntil(folder: string, moment: string, undo = ''): boolean {
  const { signal, status, stderr } = spawnSync(process.execPath, [CHILD, folder, moment, undo], { encoding: 'utf8' });
  if (signal === null && status !== 0) throw new Error(stderr);
  return signal === 'SIGKILL';
}

describe('A run in a program that is killed', () => {
  it('does each action once and undoes it once, whichever side of an action the program is killed on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sphinx-kill-'));
    // Each program takes up what the one before left, and is killed a little later.
    expect(runUntil(folder, 'before apply 1')).toBe(true);
    expect(runUntil(folder, 'after apply 1')).toBe(true);
    expect((await rulesIn(join(folder, 'rules'))).rules).toBe(1);
    expect(runUntil(folder, 'after apply 2')).toBe(true);
    expect((await rulesIn(join(folder, 'rules'))).rules).toBe(2);
    expect(runUntil(folder, 'after undo 1', 'undo')).toBe(true);
    expect((await rulesIn(join(folder, 'rules'))).rules).toBe(1);
    expect(runUntil(folder, 'never')).toBe(false);
    const { rules, journal } = await rulesIn(join(folder, 'rules'));
    expect(rules).toBe(0);
    const [applied, undone] = ['apply', 'undo'].map((word) => journal.filter((line) => line.startsWith(word)));
    expect(applied).toHaveLength(2);
    expect(new Set(applied).size).toBe(2);
    // The last that was done is the first that is taken back.
    expect(undone).toEqual(applied?.toReversed().map((line) => line.replace('apply', 'undo')));
    const ended: unknown = JSON.parse(await readFile(join(folder, 'ended.json'), 'utf8'));
    expect(ended).toEqual({ state: 'undone', actions: ['undone', 'undone'] });
  }, 120_000);
});

const [FIRST, SECOND] = [stepId('action', 1), stepId('action', 2)];
const PLAYBOOK = playbookOf({
  [FIRST]: openc2('Cut it off', CONTAIN, { on_completion: SECOND }),
  [SECOND]: openc2('Block the other end', BLOCK, { on_completion: END }),
});

/** A store that a program can lose: after so many changes nothing it asks is ever answered, as if it were dead. */
class Lifeline {
  /** Changes until the program dies; it lives where it is undefined. */
  left: number | undefined;
  isDead = false;

  around(store: StateStore): StateStore {
    return {
      query: (statement, values) => (this.isDead ? dead() : store.query(statement, values)),
      transaction: async (work) => {
        if (this.isDead) return dead();
        const result = await store.transaction(work);
        if (this.left === undefined) return result;
        this.left--;
        if (this.left > 0) return result;
        this.isDead = true;
        return dead();
      },
      migrate: (owner, migrations) => store.migrate(owner, migrations),
      close: () => store.close(),
    };
  }
}

function dead(): Promise<never> {
  return new Promise(() => undefined);
}

describe('A run in a program that dies between two steps', () => {
  let house: House;
  const lifeline = new Lifeline();

  beforeAll(async () => {
    house = await House.open({ playbooks: [PLAYBOOK], around: (store) => lifeline.around(store) });
    await house.publish('asset.discovered', 'office', asset('office', '10.0.1.1', { patientSafetyClass: 'none' }));
    await house.addFirewall();
  });

  afterAll(() => house.close());

  const detail = (id: string) => house.ask<RunDetail>('getResponseRun', { params: { id } });
  const over = (id: string) =>
    house.until(
      () => detail(id),
      ({ state }) => !['awaiting-approval', 'running', 'undoing'].includes(state),
    );

  it('goes on at the next start and has done each action once, after whichever change it dies', async () => {
    let died = 0;
    for (let changes = 1; changes < 60; changes++) {
      const { id } = await house.ask<RunDetail>('planResponseRun', {
        body: { playbook: PLAYBOOK.id, subject: 'office' },
      });
      const before = (await rulesIn(house.rules)).journal.length;
      // So that the limits of an hour hold nothing up.
      house.clock.advance(7_200_000);
      lifeline.left = changes;
      house.ask('startResponseRun', { params: { id } }).catch(() => undefined);
      await house.until(
        async () => lifeline.isDead || (lifeline.left !== undefined && (await detail(id)).state === 'succeeded'),
        (isOver) => isOver,
      );
      const wasKilled = lifeline.isDead;
      lifeline.left = undefined;
      lifeline.isDead = false;
      await house.abandon();
      const begun = (await detail(id)).state;
      if (begun === 'planned') await house.ask('startResponseRun', { params: { id } });
      const run = await over(id);
      expect(run.state, `after ${changes} changes`).toBe('succeeded');
      expect(run.history.map(({ state }) => state)).toEqual(['done', 'done']);
      const made = (await rulesIn(house.rules)).journal.slice(before);
      expect(made, `after ${changes} changes`).toEqual(run.history.map((action) => `apply ${action.id}`));
      await house.ask('undoResponseRun', { params: { id } });
      expect((await over(id)).state).toBe('undone');
      if (!wasKilled) break;
      died++;
    }
    // Every change between the start and the end of the run was the last one once.
    expect(died).toBeGreaterThan(15);
    expect(died).toBeLessThan(59);
    expect((await rulesIn(house.rules)).rules).toBe(0);
  }, 120_000);
});
