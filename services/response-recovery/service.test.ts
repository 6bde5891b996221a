import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApprovalView, MicroView, RunDetail, TaskView } from './routes/response-shapes.ts';
import { rulesIn } from './test-file-actuator.ts';
import { asset, CLINICIAN, House, OFFICER } from './test-house.ts';
import { BLOCK, CONTAIN, END, manual, openc2, playbookOf, stepId } from './test-playbook.ts';

const [A1, A2, A3, A4] = [1, 2, 3, 4].map((number) => stepId('action', number)) as [string, string, string, string];
const ISOLATE = playbookOf({ [A1]: openc2('Cut it off', CONTAIN, { on_completion: END }) });
const PARALLEL = stepId('parallel', 1);
const IF = stepId('if-condition', 1);
const WHILE = stepId('while-condition', 1);
const SWITCH = stepId('switch-condition', 1);
const CALL = stepId('playbook-action', 1);
const end = (number: number) => stepId('end', number);

/** Every kind of step: two at the same time, a question, a loop until it is clean, a choice, and another playbook. */
const WHOLE = playbookOf(
  {
    [A1]: manual('Look', { on_completion: PARALLEL, out_args: ['__is_infected__'] }),
    [PARALLEL]: { type: 'parallel', next_steps: [A2, A3], on_completion: IF },
    [A2]: openc2('Cut it off', CONTAIN, { on_completion: end(1) }),
    [A3]: openc2('Block the other end', BLOCK, { on_completion: end(2) }),
    [IF]: { type: 'if-condition', condition: "__is_infected__:value = 'true'", on_true: WHILE, on_completion: SWITCH },
    [WHILE]: { type: 'while-condition', condition: "__is_clean__:value = 'false'", on_true: A4, on_completion: end(3) },
    [A4]: manual('Clean it', { on_completion: end(4), out_args: ['__is_clean__'] }),
    [SWITCH]: {
      type: 'switch-condition',
      switch: '__zone__:value',
      cases: { office: CALL, default: end(6) },
      on_completion: END,
    },
    [CALL]: { type: 'playbook-action', playbook_id: stepId('playbook', 3), on_completion: end(5) },
    ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((number) => [end(number), { type: 'end' }])),
  },
  {
    playbook_variables: {
      __is_infected__: { type: 'bool', value: 'false' },
      __is_clean__: { type: 'bool', value: 'false' },
      __zone__: { type: 'string', value: 'office' },
    },
  },
  2,
);
const CALLED = playbookOf({ [A1]: manual('Tell the office', { on_completion: END }) }, {}, 3);
const FAILING = playbookOf(
  {
    [A1]: { ...manual('Be quick', { on_success: A2, on_failure: A3 }), delay: 1000, timeout: 60_000 },
    [A2]: manual('Never', { on_completion: END }),
    [A3]: openc2('Lock the account', { action: 'stop', target: { process: { name: 'x' } } }, { on_completion: END }),
    [A4]: manual('Say what failed', { on_completion: end(7) }),
    [end(7)]: { type: 'end' },
  },
  { workflow_exception: A4 },
  4,
);

let house: House;

beforeAll(async () => {
  house = await House.open({ playbooks: [ISOLATE, WHOLE, CALLED, FAILING] });
  const ward = { careArea: 'ICU 2', patientSafetyClass: 'therapy', clinicalFunction: 'Delivers drugs' };
  await house.publish('asset.discovered', 'office', asset('office', '10.0.1.1', { patientSafetyClass: 'none' }));
  await house.publish(
    'asset.discovered',
    'pump',
    asset('pump', '10.0.1.2', ward, [{}, { protocol: 'smb', port: 445 }]),
  );
  await house.publish(
    'asset.discovered',
    'vent',
    asset('vent', '10.0.1.3', { ...ward, patientSafetyClass: 'life-sustaining' }, [{}]),
  );
  await house.addFirewall();
});

afterAll(() => house.close());

const plan = (body: object, as = OFFICER) => house.ask<RunDetail>('planResponseRun', { body, as });
const detail = (run: string) => house.ask<RunDetail>('getResponseRun', { params: { id: run } });
const ended = (run: string) =>
  house.until(
    () => detail(run),
    ({ state }) => !['planned', 'awaiting-approval', 'running', 'undoing'].includes(state),
  );
const approvals = async (as = OFFICER) =>
  (await house.ask<{ items: ApprovalView[] }>('listResponseApprovals', { as })).items;
const tasks = async () => (await house.ask<{ items: TaskView[] }>('listResponseTasks')).items;
const taskCalled = async (title: string) =>
  (await house.until(tasks, (all) => all.some((each) => each.title === title))).find(
    (each) => each.title === title,
  ) as TaskView;
const tick = async (title: string, answers: object = {}) =>
  house.ask<TaskView>('tickResponseTask', { params: { id: (await taskCalled(title)).id }, body: { answers } });

describe('A run', () => {
  it('is planned with actuator, effect and judgement of each action, and a dry run changes nothing', async () => {
    const run = await plan({ playbook: ISOLATE.id, subject: 'office', isDryRun: true });
    expect(run).toMatchObject({ state: 'planned', isDryRun: true, subject: { kind: 'device', name: 'office' } });
    expect(run.plan).toMatchObject([
      {
        text: 'contain device 10.0.1.1',
        actuator: 'firewall',
        effects: ['drop 10.0.1.1'],
        verdict: { decision: 'run' },
      },
    ]);
    await expect(house.ask('startResponseRun', { params: { id: run.id } })).rejects.toThrow('dry run');
    expect((await rulesIn(house.rules)).rules).toBe(0);
  });

  it('is carried out at once where the policy allows it, and is taken back when nobody confirms it in time', async () => {
    const { id } = await plan({ playbook: ISOLATE.id, subject: 'office', start: true });
    const run = await ended(id);
    expect(run).toMatchObject({ state: 'succeeded', history: [{ state: 'done', text: 'contain device 10.0.1.1' }] });
    expect((await rulesIn(house.rules)).rules).toBe(1);
    await house.restart();
    house.clock.advance(241 * 60_000);
    const late = await house.until(
      () => detail(id),
      ({ history }) => history[0]?.state === 'undone',
    );
    expect(late.history[0]?.message).toContain('because nobody confirmed it in time');
    expect((await rulesIn(house.rules)).rules).toBe(0);
  });

  it('stays as it is when somebody confirms it, and is undone by hand', async () => {
    const { id } = await plan({ playbook: ISOLATE.id, subject: 'office', start: true });
    await ended(id);
    await house.ask('confirmResponseRun', { params: { id } });
    house.clock.advance(2 * 241 * 60_000);
    await house.restart();
    expect((await detail(id)).history).toMatchObject([{ state: 'done', confirmedBy: 'olga', undoAt: null }]);
    await house.ask('undoResponseRun', { params: { id } });
    expect(await ended(id)).toMatchObject({ state: 'undone' });
    expect((await rulesIn(house.rules)).rules).toBe(0);
    const types = (await house.told()).filter(({ key }) => key === id).map(({ type }) => type);
    expect(types).toEqual([
      'response.planned',
      'response.started',
      'response.step-done',
      'response.finished',
      'response.undone',
      'response.undone',
    ]);
  });

  it('goes through every kind of step, and asks people for what variables become', async () => {
    const { id } = await plan({ playbook: WHOLE.id, subject: 'office', start: true });
    await expect(tick('Look')).rejects.toThrow('__is_infected__');
    await tick('Look', { __is_infected__: 'true' });
    await tick('Clean it', { __is_clean__: 'false' });
    await tick('Clean it', { __is_clean__: 'true' });
    await tick('Tell the office');
    const run = await ended(id);
    expect(run.state).toBe('succeeded');
    expect(run.history.map(({ text }) => text).sort()).toEqual([
      'contain device 10.0.1.1',
      'deny ipv4 net 203.0.113.9',
    ]);
    const paths = run.visits.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['3.a.1', '3.b.1', '4.a.1#1.1', '4.a.1#2.1', '5.a.1', '5.a.1/2']));
    expect(run.tasks.every(({ agent }) => agent === 'Ward')).toBe(true);
    await house.ask('undoResponseRun', { params: { id } });
    await ended(id);
    expect((await rulesIn(house.rules)).rules).toBe(0);
  });

  it('waits for its delay, fails a task that is late, and gives a person what no actuator can do', async () => {
    const { id } = await plan({ playbook: FAILING.id, subject: 'office', start: true });
    await house.until(
      () => detail(id),
      ({ visits }) => visits.some(({ path }) => path === '2'),
    );
    expect(await tasks()).toEqual([]);
    house.clock.advance(1001);
    await house.restart();
    await taskCalled('Be quick');
    house.clock.advance(60_001);
    await house.restart();
    const byHand = await taskCalled('Lock the account');
    expect(byHand.because).toContain('No actuator can "stop process"');
    await house.ask('tickResponseTask', { params: { id: byHand.id }, body: { isDone: false, note: 'no access' } });
    await tick('Say what failed');
    expect(await ended(id)).toMatchObject({ state: 'failed' });
  });

  it('takes back what an actuator began and could not finish', async () => {
    await house.ask('changeActuator', {
      params: { id: 'firewall' },
      body: { settings: { folder: house.rules, fails: 'always' } },
    });
    const { id } = await plan({ playbook: ISOLATE.id, subject: 'office', start: true });
    const run = await ended(id);
    expect(run).toMatchObject({ state: 'failed', history: [{ state: 'failed' }] });
    expect(run.history[0]?.message).toContain('The firewall says no.');
    await house.ask('changeActuator', { params: { id: 'firewall' }, body: { settings: { folder: house.rules } } });
  });
});

describe('Approval', () => {
  it('is asked of a clinician, too, before a treating device is cut off; nobody agrees for two', async () => {
    const { id } = await plan({ playbook: ISOLATE.id, subject: 'pump', start: true });
    const [asked] = await approvals();
    expect(asked).toMatchObject({ run: expect.stringMatching(/^RUN-\d+$/), state: 'open' });
    expect(asked?.reasons.join()).toContain('patients are treated or examined with it');
    expect(asked?.careLoss.join()).toContain('pump (ICU 2) is not reachable: delivers drugs.');
    // Who asked is of information security and may agree to that part.
    expect(asked?.parts.map(({ group, agreedBy }) => [group, agreedBy])).toEqual([
      ['clinical', null],
      ['security', 'olga'],
    ]);
    const approve = (as: typeof OFFICER | typeof CLINICIAN, body = {}) =>
      house.ask('approveResponse', { params: { id: asked?.id }, body, as: as as never });
    await expect(approve(OFFICER)).rejects.toThrow('Clinical approver (clinical-lead)');
    await approve(CLINICIAN);
    const run = await ended(id);
    expect(run).toMatchObject({ state: 'succeeded', history: [{ state: 'done' }] });
    await house.ask('undoResponseRun', { params: { id } });
    await ended(id);
  });

  it('offers a micro-quarantine, and whoever agrees may choose it instead', async () => {
    const { id } = await plan({ playbook: ISOLATE.id, subject: 'pump', start: true });
    const [asked] = await approvals(CLINICIAN as never);
    expect(asked?.mayApprove).toBe(true);
    expect(asked?.milder?.effects.join()).toContain('stays: DICOM with 10.0.0.200: a clinical protocol');
    await house.ask('approveResponse', {
      params: { id: asked?.id },
      body: { instead: 'micro-quarantine' },
      as: CLINICIAN,
    });
    const run = await ended(id);
    expect(run.history).toMatchObject([{ text: 'contain device 10.0.1.2, clinical flows stay', state: 'done' }]);
    expect(run.history[0]?.keptFlows).toHaveLength(1);
    expect(run.history[0]?.leftOut).toMatchObject([{ port: 445 }]);
    await house.ask('undoResponseRun', { params: { id } });
    await ended(id);
  });

  it('goes to the next role when nobody answers, and ends the run when nobody ever does', async () => {
    const { id } = await plan({ playbook: ISOLATE.id, subject: 'pump', start: true });
    house.clock.advance(10 * 60_000 + 1);
    const escalated = await house.until(approvals, ([first]) => (first?.escalations.length ?? 0) > 0);
    expect(escalated[0]?.parts[0]?.roles).toEqual(['clinical-lead', 'biomedical-engineer']);
    house.clock.advance(20 * 60_000 + 1);
    await house.until(approvals, (all) => all.length === 0);
    expect(await ended(id)).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('did not answer in time'),
    });
  });

  it('refuses to begin what would cut off what keeps a patient alive', async () => {
    await expect(plan({ playbook: ISOLATE.id, subject: 'vent', start: true })).rejects.toThrow(
      /The guard refuses it: vent \(life sustaining\) would be cut off.*micro-quarantine/s,
    );
    const run = await plan({ playbook: ISOLATE.id, subject: 'vent', isolation: 'micro-quarantine', start: true });
    const [asked] = await approvals();
    await house.ask('refuseResponse', {
      params: { id: asked?.id },
      body: { reason: 'surgery is going on' },
      as: CLINICIAN,
    });
    expect(await ended(run.id)).toMatchObject({ state: 'refused', reason: 'clara refused: surgery is going on' });
  });
});

describe('The kill switch', () => {
  it('stops every run at once, keeps them stopped over a restart, and lets each go on', async () => {
    const { id } = await plan({ playbook: WHOLE.id, subject: 'office', start: true });
    await taskCalled('Look');
    await house.ask('stopResponse', { body: { reason: 'the surgeon called' } });
    expect(await ended(id)).toMatchObject({
      state: 'stopped',
      reason: 'Everything was stopped by olga: the surgeon called',
    });
    await house.restart();
    await expect(plan({ playbook: ISOLATE.id, subject: 'office', start: true })).rejects.toThrow('stopped by olga');
    await house.ask('resumeResponse');
    await house.ask('resumeResponseRun', { params: { id } });
    expect(await detail(id)).toMatchObject({ state: 'running' });
    await house.ask('cancelResponseRun', { params: { id } });
    expect(await ended(id)).toMatchObject({ state: 'cancelled' });
    expect(await tasks()).toEqual([]);
  });

  it('is a file, too', async () => {
    const { id } = await plan({ playbook: WHOLE.id, subject: 'office', start: true });
    await writeFile(join(house.scratch, 'STOP'), 'ward 3 is dark');
    expect(await ended(id)).toMatchObject({ state: 'stopped' });
    await expect(house.ask('resumeResponse')).rejects.toThrow('remove');
  });
});

describe('Flows that stay', () => {
  it('are shown before anything is planned', async () => {
    const micro = await house.ask<MicroView>('previewMicroQuarantine', { params: { device: '10.0.1.2' } });
    expect(micro.kept.map(({ reason }) => reason)).toEqual(['DICOM with 10.0.0.200: a clinical protocol']);
    expect(micro.leftOut.map(({ reason }) => reason)).toEqual(['SMB with 10.0.0.200: attackers move on this way']);
  });
});
