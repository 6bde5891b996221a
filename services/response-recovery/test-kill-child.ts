// A program of its own that a test ends with SIGKILL: it plans and begins a run, or takes up the one that is there, and ends itself
// at one moment. What it left is looked at by the next one.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@sphinx/platform';
import type { RunDetail } from './routes/response-shapes.ts';
import { asset, House } from './test-house.ts';
import { BLOCK, CONTAIN, END, openc2, playbookOf, stepId } from './test-playbook.ts';

const [folder = '', moment = '', undo = ''] = process.argv.slice(2);
const [first, second] = [stepId('action', 1), stepId('action', 2)];
const PLAYBOOK = playbookOf({
  [first]: openc2('Cut it off', CONTAIN, { on_completion: second }),
  [second]: openc2('Block the other end', BLOCK, { on_completion: END }),
});

const seen = new Map<string, number>();
const house = await House.open({
  folder,
  playbooks: [PLAYBOOK],
  clock: systemClock as never,
  moment: async (name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    // Nothing of this program goes on from here: no handler, no finally, no flush.
    if (moment === `${name} ${count}`) process.kill(process.pid, 'SIGKILL');
    if (moment.startsWith(name) && moment === `${name} ${count}`) await new Promise(() => undefined);
  },
});
const { items } = await house.ask<{ items: { id: string; state: string }[] }>('listResponseRuns');
let id = items[0]?.id;
if (id === undefined) {
  await house.publish('asset.discovered', 'office', asset('office', '10.0.1.1', { patientSafetyClass: 'none' }));
  await house.addFirewall();
  id = (
    await house.ask<RunDetail>('planResponseRun', { body: { playbook: PLAYBOOK.id, subject: 'office', start: true } })
  ).id;
}
const going = ['planned', 'awaiting-approval', 'running', 'undoing'];
const look = () => house.ask<RunDetail>('getResponseRun', { params: { id } });
let run = await house.until(look, ({ state }) => !going.includes(state));
if (undo === 'undo' && run.state === 'succeeded') {
  await house.ask('undoResponseRun', { params: { id } });
  run = await house.until(look, ({ state }) => !going.includes(state));
}
await writeFile(
  join(folder, 'ended.json'),
  JSON.stringify({ state: run.state, actions: run.history.map(({ state }) => state) }),
);
await house.close();
process.exit(0);
