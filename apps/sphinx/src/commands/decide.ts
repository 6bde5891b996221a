import { SphinxError } from '@sphinx/platform/errors';
import type {
  DecisionItem,
  LessonItem,
  ProfileView,
  SubjectDetail,
  SubjectItem,
} from '@sphinx/service-decision-support';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import type { ApiClient } from '../client/api-client.ts';
import { adviceText, decisionTable, lessonTable, profileText, subjectTable } from '../terminal/decision-text.ts';
import { print, printJson } from '../terminal/output.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

const EXAMPLE = `sphinx decide
sphinx decide INC-12
sphinx decide choose INC-12 nothing --reason "Exercise of the fire brigade"`;
const SERVICES = ['decision-support'];
/** Courses that are told in full. */
const USUAL_COURSES = 3;

/** `sphinx decide [SUBJECT] [choose | outcome | log | lessons | weights]` */
export function decideCommand(): Command {
  return defineCommand('decide', 'what to do about an incident or a weakness, and what each choice would cost', EXAMPLE)
    .argument(
      '[subject]',
      'number (INC-12) or id of an incident, or a weakness (CVE-2019-0708); without, all that is open',
    )
    .option('--courses <number>', 'courses that are told in full', String(USUAL_COURSES))
    .action((subject: string | undefined, _options: CommonOptions, self: Command) =>
      withRunningClient(self, (client, options) => advise(client, subject, options, self), SERVICES),
    )
    .addCommand(chooseCommand())
    .addCommand(outcomeCommand())
    .addCommand(logCommand())
    .addCommand(lessonsCommand())
    .addCommand(weightsCommand());
}

async function advise(
  client: ApiClient,
  subject: string | undefined,
  { json }: CommonOptions,
  self: Command,
): Promise<void> {
  if (subject === undefined) {
    const subjects = await readAllPages<SubjectItem>(client, '/decision-subjects?');
    if (json) printJson(subjects);
    else
      print(
        subjects.length === 0 ? 'No incident is open, and no weakness asks for a decision.' : subjectTable(subjects),
      );
    return;
  }
  const advice = await client.send<SubjectDetail>('GET', `/decision-subjects/${encodeURIComponent(subject)}`);
  const most = Number(self.opts<{ courses: string }>().courses);
  if (!Number.isInteger(most) || most < 1)
    throw new SphinxError('SPX_INVALID_INPUT', '--courses is a number from 1 on.');
  if (json) printJson(advice);
  else print(adviceText(advice, most));
}

function chooseCommand(): Command {
  return defineCommand('choose', 'keep what is chosen; it is not carried out', 'sphinx decide choose INC-12 ransomware')
    .argument('<subject>', 'as for "sphinx decide"')
    .argument('<course>', 'id or key of a playbook in the list, or "nothing"')
    .option('--reason <text>', 'why, without data of patients', '')
    .option('--set <variable=value...>', 'variables that the playbook asks for, such as __device_ip__=10.20.0.7')
    .action((subject: string, course: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          const { reason, set = [] } = self.opts<{ reason: string; set?: string[] }>();
          const path = `/decision-subjects/${encodeURIComponent(subject)}/decision`;
          const decision = await client.send<DecisionItem>('POST', path, {
            course: await idOf(client, course),
            reason,
            variables: textsOf(set),
          });
          if (json) printJson(decision);
          else
            print(
              `Decision ${decision.id}: ${decision.courseTitle} for ${decision.subjectName}. Tell later what came of it.`,
            );
        },
        SERVICES,
      ),
    );
}

function outcomeCommand(): Command {
  return defineCommand(
    'outcome',
    'say what came of a decision; SPHINX learns from it',
    'sphinx decide outcome 7 worked --care more',
  )
    .argument('<decision>', 'its number')
    .argument('<result>', 'worked, partly or failed')
    .option('--care <what>', 'what care noticed: less, as-expected or more', 'as-expected')
    .option('--note <text>', 'what happened, without data of patients', '')
    .action((decision: string, result: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          const { care, note } = self.opts<{ care: string; note: string }>();
          const path = `/decisions/${encodeURIComponent(decision)}/outcome`;
          const told = await client.send<DecisionItem>('PUT', path, { result, care, note });
          if (json) printJson(told);
          else print(`Decision ${told.id}: ${told.outcome?.result ?? ''}.`);
        },
        SERVICES,
      ),
    );
}

function logCommand(): Command {
  return defineCommand('log', 'list what was chosen and what came of it', 'sphinx decide log').action(
    (_options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          const decisions = await readAllPages<DecisionItem>(client, '/decisions?');
          if (json) printJson(decisions);
          else print(decisions.length === 0 ? 'Nothing was chosen yet.' : decisionTable(decisions));
        },
        SERVICES,
      ),
  );
}

function lessonsCommand(): Command {
  return defineCommand('lessons', 'list what outcomes taught of each playbook', 'sphinx decide lessons').action(
    (_options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          const lessons = await readAllPages<LessonItem>(client, '/decision-lessons?');
          if (json) printJson(lessons);
          else print(lessons.length === 0 ? 'Nothing was learnt yet: no outcome was told.' : lessonTable(lessons));
        },
        SERVICES,
      ),
  );
}

function weightsCommand(): Command {
  return defineCommand(
    'weights',
    'show how much each criterion counts, change it, or take the change back',
    'sphinx decide weights --set care=50 risk=30 --beds "ICU 2=12"',
  )
    .option('--set <criterion=weight...>', 'risk, care, time, reversibility, effort, confidence; 0 to 100')
    .option('--beds <area=beds...>', 'beds of a care area, by the name that assets have')
    .option('--undo', 'go back to what was stated before')
    .action((_options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          const { set = [], beds = [], undo } = self.opts<{ set?: string[]; beds?: string[]; undo?: boolean }>();
          const profile = await changeProfile(client, { set, beds, isUndone: undo === true });
          if (json) printJson(profile);
          else print(profileText(profile));
        },
        SERVICES,
      ),
    );
}

async function changeProfile(
  client: ApiClient,
  { set, beds, isUndone }: { set: readonly string[]; beds: readonly string[]; isUndone: boolean },
): Promise<ProfileView> {
  if (isUndone) return client.send<ProfileView>('POST', '/decision-profile/undo');
  const now = await client.send<ProfileView>('GET', '/decision-profile');
  if (set.length + beds.length === 0) return now;
  const { profile } = now;
  return client.send<ProfileView>('PUT', '/decision-profile', {
    weights: { ...profile.weights, ...numbersOf(set) },
    beds: { ...profile.beds, ...numbersOf(beds) },
  });
}

/** @throws SphinxError SPX_INVALID_INPUT */
function textsOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new SphinxError('SPX_INVALID_INPUT', `"${pair}" is not VARIABLE=VALUE.`);
      return [pair.slice(0, at).trim(), pair.slice(at + 1)];
    }),
  );
}

/** @throws SphinxError SPX_INVALID_INPUT */
function numbersOf(pairs: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.lastIndexOf('=');
      const value = Number(pair.slice(at + 1));
      if (at < 1 || pair.slice(at + 1).trim() === '' || !Number.isFinite(value)) {
        throw new SphinxError('SPX_INVALID_INPUT', `"${pair}" is not NAME=NUMBER.`);
      }
      return [pair.slice(0, at).trim(), value];
    }),
  );
}

/** People call playbooks by their keys. */
async function idOf(client: ApiClient, course: string): Promise<string> {
  const playbooks = await readAllPages<{ id: string; key: string }>(client, '/playbooks?');
  return playbooks.find(({ key }) => key === course)?.id ?? course;
}
