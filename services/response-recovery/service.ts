import { join } from 'node:path';
import { Outbox, type ServiceContext, type ServiceDefinition } from '@sphinx/platform';
import { ACTUATOR_KINDS, type ActuatorKind } from '@sphinx/response';
import { createFact, type Fact } from '@sphinx/schema';
import { ActuatorDesk } from './actuators/actuator-desk.ts';
import { ownActuator } from './actuators/own-actuator.ts';
import type { Approval } from './approvals/approval.ts';
import { ApprovalDesk } from './approvals/approval-desk.ts';
import { DeviceBook } from './assets/device-book.ts';
import { CareBook } from './care/care-book.ts';
import { ContactStore } from './downtime/contact-store.ts';
import { DowntimeDesk } from './downtime/downtime-desk.ts';
import { Guardian } from './guard/guardian.ts';
import { loadDowntimeInstructions } from './knowledge/downtime-instructions.ts';
import { loadKeptFlowRules } from './knowledge/kept-flow-rules.ts';
import { loadPlaybooks, PlaybookBook } from './knowledge/playbook-book.ts';
import { loadResponsePolicy } from './knowledge/response-policy.ts';
import { manifest, type ResponseRecoverySettings } from './manifest.ts';
import { MIGRATIONS } from './migrations.ts';
import { responseRoutes } from './routes/response-routes.ts';
import { ActionRunner } from './runs/action-runner.ts';
import { Bell } from './runs/bell.ts';
import { Documents } from './runs/documents.ts';
import { Journal } from './runs/journal.ts';
import type { Action, Task } from './runs/run.ts';
import { RunDesk } from './runs/run-desk.ts';
import { RunStore } from './runs/run-store.ts';
import { TaskDesk } from './runs/task-desk.ts';
import { Undoer } from './runs/undoer.ts';
import { KillSwitch } from './stop/kill-switch.ts';
import { planDecision } from './subjects/plan-decision.ts';
import { SubjectBook } from './subjects/subject-book.ts';

/** How often it is looked what time brought, and whether the stop file is there. */
const ROUND_MS = 1000;

export const service = responseService(ACTUATOR_KINDS);

/** @param kinds of actuators that can be set up */
export function responseService(kinds: readonly ActuatorKind[]): ServiceDefinition<typeof ResponseRecoverySettings> {
  return {
    manifest,
    migrations: MIGRATIONS,
    async start(context) {
      const { bus, settings } = context;
      const house = await furnish(context, kinds);
      const { books, desk, actuators, killSwitch, outbox } = house;
      await desk.open();
      await outbox.publish();
      const subscription = await bus.subscribe(
        { consumer: manifest.id, types: [...manifest.consumes], from: 'beginning' },
        async (facts: readonly Fact[]) => {
          for (const fact of facts) {
            await books.devices.take(fact);
            await books.subjects.take(fact);
            await house.care.take(fact);
            await house.playbooks.take(fact);
            if (fact.type === 'decision.made') await planDecision(fact, { ...house, settings, clock: context.clock });
          }
        },
      );
      const timer = setInterval(() => {
        Promise.all([desk.round(), house.downtime.round()]).catch((error: unknown) => context.fail(error));
      }, ROUND_MS);
      timer.unref();
      return {
        routes: responseRoutes({ ...house, clock: context.clock, notify: () => context.notify('response') }),
        health: async () => {
          const [tasks, approvals] = await Promise.all([house.tasks.open(), house.approvals.open()]);
          const set = actuators.list().length;
          const { stop } = killSwitch;
          return {
            state: stop === null ? 'healthy' : 'degraded',
            message:
              stop === null
                ? `${set} ${set === 1 ? 'actuator is' : 'actuators are'} set up; ${approvals.length} approvals and ${tasks.length} tasks wait for people.`
                : `Everything was stopped by ${stop.by}: ${stop.reason}`,
            figures: { lag: await subscription.lag() },
          };
        },
        async stop() {
          clearInterval(timer);
          await subscription.stop();
          await desk.close();
        },
      };
    },
  };
}

export type ResponseHouse = Awaited<ReturnType<typeof furnish>>;

async function furnish(context: ServiceContext<ResponseRecoverySettings>, kinds: readonly ActuatorKind[]) {
  const { state, clock, bus, knowledgeFolder, logger } = context;
  const [policy, rules] = await Promise.all([loadResponsePolicy(knowledgeFolder), loadKeptFlowRules(knowledgeFolder)]);
  const playbooks = new PlaybookBook(await loadPlaybooks(knowledgeFolder), state);
  await playbooks.open();
  const devices = new DeviceBook(state);
  await devices.open();
  const books = { devices, subjects: new SubjectBook(state, devices) };
  const bell = new Bell(clock);
  const outbox = new Outbox({ state, bus, schema: 'response_recovery' });
  const notify = () => context.notify('response');
  const audit = (entry: { action: string; subject: string; detail?: object }) => context.audit(entry);
  const journal = new Journal({ state, outbox, clock, book: devices, bell, source: manifest.id, notify, audit });
  const runs = new RunStore(state);
  const documents = {
    actions: new Documents<Action>(state, 'action'),
    tasks: new Documents<Task>(state, 'task'),
    approvals: new Documents<Approval>(state, 'approval'),
  };
  const own = ownActuator(
    (name) => devices.find(name),
    async ({ id }, reason) => {
      const data = { assetId: id, requestedBy: 'SPHINX response', reason };
      await bus.publish([
        createFact('verification.requested', { key: id, time: clock.now(), source: manifest.id, data }),
      ]);
    },
  );
  const actuators = new ActuatorDesk({ state, secrets: context.secrets, clock, kinds, own });
  await actuators.open();
  const { actions } = documents;
  const care = new CareBook(state);
  await care.open();
  const contacts = new ContactStore(state);
  const folder = context.settings.downtimeFolder || join(context.scratchFolder, 'downtime');
  const instructions = await loadDowntimeInstructions(knowledgeFolder);
  const downtime = new DowntimeDesk({ care, contacts, instructions, clock, folder });
  const guardian = new Guardian({ policy, rules, book: devices, care, actions });
  const killSwitch = new KillSwitch(state, clock, join(context.scratchFolder, 'STOP'));
  await killSwitch.open();
  const approvals = new ApprovalDesk({ approvals: documents.approvals, runs, journal, bell, policy });
  const tasks = new TaskDesk({ tasks: documents.tasks, runs, journal, bell });
  const undoer = new Undoer({ actions, runs, desk: actuators, journal });
  const common = { runs, journal, bell, actions, guardian, desk: actuators, undoer, killSwitch, policy, approvals };
  const runner = new ActionRunner({ ...common, state });
  const walk = { ...common, tasks: documents.tasks, taskDesk: tasks, runner, taskMinutes: policy.taskMinutes };
  const desk = new RunDesk({ ...common, playbooks, walk, logger });
  return {
    care,
    contacts,
    downtime,
    policy,
    playbooks,
    books,
    runs,
    documents,
    actuators,
    guardian,
    killSwitch,
    approvals,
    tasks,
    undoer,
    desk,
    outbox,
  };
}
