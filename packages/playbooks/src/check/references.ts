import { readIdentifier } from '../cacao/identifier.ts';
import { type Agents, PLAYBOOK_TYPES, type Playbook, PROCESSING_FEATURES } from '../cacao/playbook.ts';
import type { Step } from '../cacao/steps.ts';
import { summarise } from '../summarise.ts';
import { errorAt, type Problem, warningAt } from './problem.ts';

const VARIABLE_USE = /(__[a-zA-Z][a-zA-Z0-9_-]{0,244}?__):value/g;

/** @returns what refers to something that is not there, and what contradicts itself */
export function checkReferences(playbook: Playbook): readonly Problem[] {
  return [
    ...checkTimes(playbook),
    ...checkActivities(playbook),
    ...checkSummary(playbook),
    ...checkExtensions(playbook),
    ...checkMarkings(playbook),
    ...checkAgents(playbook),
    ...Object.entries(playbook.workflow).flatMap(([id, step]) => checkStep(id, step, playbook)),
    ...checkUuids(playbook),
  ];
}

function checkTimes({ created, modified, valid_from, valid_until }: Playbook): Problem[] {
  const problems: Problem[] = [];
  if (Date.parse(modified) < Date.parse(created)) {
    problems.push(errorAt('modified', 'Must not be before created (CACAO 2.0 §3.1)'));
  }
  if (valid_from !== undefined && valid_until !== undefined && Date.parse(valid_until) <= Date.parse(valid_from)) {
    problems.push(errorAt('valid_until', 'Must be after valid_from (CACAO 2.0 §3.1)'));
  }
  return problems;
}

function checkActivities({ playbook_types = [], playbook_activities = [], workflow }: Playbook): Problem[] {
  const known: readonly string[] = PLAYBOOK_TYPES;
  const stated = new Set(
    Object.values(workflow).flatMap(({ commands = [] }) => commands.flatMap((each) => each.playbook_activity ?? [])),
  );
  const problems = playbook_activities
    .filter((activity) => !stated.has(activity))
    .map((activity) => warningAt('playbook_activities', `No command has the activity "${activity}" (CACAO 2.0 §3.1)`));
  if (playbook_activities.length === 0 && playbook_types.some((type) => known.includes(type))) {
    problems.push(warningAt('playbook_activities', 'A playbook with playbook_types must name an activity (§3.1)'));
  }
  return problems;
}

function checkSummary(playbook: Playbook): Problem[] {
  const stated = playbook.playbook_processing_summary;
  if (stated === undefined) return [];
  const real = summarise(playbook);
  return PROCESSING_FEATURES.filter((feature) => (stated[feature] ?? false) !== real[feature]).map((feature) =>
    warningAt(
      `playbook_processing_summary.${feature}`,
      real[feature] ? 'Is not stated, and the playbook has it' : 'Is stated, and the playbook does not have it',
    ),
  );
}

function checkExtensions(playbook: Playbook): Problem[] {
  const defined = new Set(Object.keys(playbook.extension_definitions ?? {}));
  const used = [
    ...Object.keys(playbook.playbook_extensions ?? {}).map((id) => [`playbook_extensions.${id}`, id] as const),
    ...Object.entries(playbook.workflow).flatMap(([step, { step_extensions = {} }]) =>
      Object.keys(step_extensions).map((id) => [`workflow.${step}.step_extensions.${id}`, id] as const),
    ),
  ];
  return used
    .filter(([, id]) => !defined.has(id))
    .map(([path]) => errorAt(path, 'extension_definitions does not define this extension (CACAO 2.0 §8)'));
}

function checkMarkings({ markings = [], data_marking_definitions = {} }: Playbook): Problem[] {
  const defined = new Set(Object.keys(data_marking_definitions));
  return markings.flatMap((id, index) =>
    defined.has(id) ? [] : errorAt(`markings.${index}`, `data_marking_definitions does not define ${id}`),
  );
}

function checkAgents(playbook: Playbook): Problem[] {
  const credentials = new Set(Object.keys(playbook.authentication_info_definitions ?? {}));
  const check = (name: string, agents: Agents) =>
    Object.entries(agents).flatMap(([id, { authentication_info }]) =>
      authentication_info === undefined || credentials.has(authentication_info)
        ? []
        : errorAt(`${name}.${id}.authentication_info`, 'authentication_info_definitions does not define it'),
    );
  return [
    ...check('agent_definitions', playbook.agent_definitions ?? {}),
    ...check('target_definitions', playbook.target_definitions ?? {}),
  ];
}

function checkStep(id: string, step: Step, playbook: Playbook): Problem[] {
  const path = `workflow.${id}`;
  const agents = new Set(Object.keys(playbook.agent_definitions ?? {}));
  const targets = new Set(Object.keys(playbook.target_definitions ?? {}));
  const variables = new Set([
    ...Object.keys(playbook.playbook_variables ?? {}),
    ...Object.keys(step.step_variables ?? {}),
  ]);
  const problems: Problem[] = [];
  if (step.agent !== undefined && !agents.has(step.agent)) {
    problems.push(errorAt(`${path}.agent`, `agent_definitions does not define ${step.agent}`));
  }
  for (const [index, target] of (step.targets ?? []).entries()) {
    if (!targets.has(target))
      problems.push(errorAt(`${path}.targets.${index}`, `target_definitions does not define ${target}`));
  }
  for (const list of ['in_args', 'out_args'] as const) {
    for (const [index, name] of (step[list] ?? []).entries()) {
      if (!variables.has(name)) problems.push(errorAt(`${path}.${list}.${index}`, `There is no variable ${name}`));
    }
  }
  const unknown = new Set(usedVariables(step).filter((name) => !variables.has(name)));
  return [
    ...problems,
    ...[...unknown].map((name) => warningAt(path, `Uses the variable ${name}, which is not declared`)),
  ];
}

function usedVariables({ commands = [], condition = '', switch: subject = '' }: Step): readonly string[] {
  const decoded = commands.flatMap(({ content_b64, command_b64 }) =>
    [content_b64, command_b64].flatMap((text) =>
      text === undefined ? [] : Buffer.from(text, 'base64').toString('utf8'),
    ),
  );
  const texts = [
    ...commands.flatMap(({ command, content }) => [command ?? '', content ?? '']),
    ...decoded,
    condition,
    subject,
  ];
  return texts.flatMap((text) => [...text.matchAll(VARIABLE_USE)].map(([, name = '']) => name));
}

/** §10.10: the UUID is used once, whatever the type. */
function checkUuids(playbook: Playbook): Problem[] {
  const seen = new Map<string, string>();
  const problems: Problem[] = [];
  const groups = ['workflow', 'agent_definitions', 'target_definitions', 'extension_definitions'] as const;
  for (const group of groups) {
    for (const id of Object.keys(playbook[group] ?? {})) {
      const uuid = readIdentifier(id)?.uuid.toLowerCase() ?? id;
      const other = seen.get(uuid);
      if (other !== undefined && other !== id) {
        problems.push(warningAt(`${group}.${id}`, `Has the UUID of ${other} (CACAO 2.0 §10.10)`));
      }
      seen.set(uuid, id);
    }
  }
  return problems;
}
