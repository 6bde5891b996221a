import type { Playbook } from '../cacao/playbook.ts';
import type { Step } from '../cacao/steps.ts';
import { edgesOf, reachableFrom } from './edges.ts';
import { errorAt, type Problem, warningAt } from './problem.ts';

const COMPOSITES = new Set(['parallel', 'if-condition', 'while-condition', 'switch-condition']);

/** @returns what is wrong with the ways between the steps of a playbook, from what stops it to what only looks odd */
export function checkGraph(playbook: Playbook): readonly Problem[] {
  const workflow = new Map(Object.entries(playbook.workflow));
  const problems = [...checkKinds(playbook, workflow), ...checkDangling(playbook, workflow)];
  if (problems.some(({ level }) => level === 'error')) return problems;
  return [
    ...problems,
    ...checkReachability(playbook, workflow),
    ...checkDeadEnds(workflow),
    ...checkBranches(workflow),
  ];
}

/** §3.1: a start, something to do, an end. */
function checkKinds(playbook: Playbook, workflow: ReadonlyMap<string, Step>): Problem[] {
  const types = new Set([...workflow.values()].map(({ type }) => type));
  const problems: Problem[] = [];
  if (!types.has('end')) problems.push(errorAt('workflow', 'There is no end step (CACAO 2.0 §3.1)'));
  if (!types.has('action') && !types.has('playbook-action')) {
    problems.push(errorAt('workflow', 'There is nothing to do: no action and no playbook-action (CACAO 2.0 §3.1)'));
  }
  const start = workflow.get(playbook.workflow_start);
  if (start === undefined) {
    problems.push(errorAt('workflow_start', `There is no step ${playbook.workflow_start}`));
  }
  for (const [id, { type }] of workflow) {
    if (type !== 'start' || id === playbook.workflow_start) continue;
    problems.push(errorAt(`workflow.${id}`, 'A second start: workflow_start names another one'));
  }
  return problems;
}

function checkDangling({ workflow_exception }: Playbook, workflow: ReadonlyMap<string, Step>): Problem[] {
  const problems: Problem[] = [];
  if (workflow_exception !== undefined && !workflow.has(workflow_exception)) {
    problems.push(errorAt('workflow_exception', `There is no step ${workflow_exception}`));
  }
  for (const [id, step] of workflow) {
    for (const { by, to } of edgesOf(step)) {
      if (!workflow.has(to)) problems.push(errorAt(`workflow.${id}.${by}`, `There is no step ${to}`));
      else if (workflow.get(to)?.type === 'start') {
        problems.push(errorAt(`workflow.${id}.${by}`, 'Leads back to the start; a while-condition repeats steps'));
      }
    }
  }
  return problems;
}

function checkReachability(playbook: Playbook, workflow: ReadonlyMap<string, Step>): Problem[] {
  const reached = new Set(reachableFrom(playbook.workflow_start, workflow));
  if (playbook.workflow_exception !== undefined) {
    for (const id of reachableFrom(playbook.workflow_exception, workflow)) reached.add(id);
  }
  return [...workflow]
    .filter(([id]) => !reached.has(id))
    .map(([id, { name }]) =>
      errorAt(`workflow.${id}`, `No way leads to this step${name === undefined ? '' : ` (${name})`}`),
    );
}

/** From every step an end can be come to. What has no way on but is no end stops in the middle. */
function checkDeadEnds(workflow: ReadonlyMap<string, Step>): Problem[] {
  const problems: Problem[] = [];
  for (const [id, step] of workflow) {
    if (step.type === 'end' || edgesOf(step).some(({ isBranch }) => !isBranch)) continue;
    if (COMPOSITES.has(step.type)) {
      problems.push(warningAt(`workflow.${id}`, 'Nothing says what comes when its branches are done: on_completion'));
    } else {
      problems.push(errorAt(`workflow.${id}`, 'Nothing comes after this step; give on_completion or on_success'));
    }
  }
  const endable = stepsThatEnd(workflow);
  for (const id of workflow.keys()) {
    if (!endable.has(id))
      problems.push(errorAt(`workflow.${id}`, 'From here no end can be reached: the way goes round'));
  }
  return problems;
}

/** Walks backwards from the ends. */
function stepsThatEnd(workflow: ReadonlyMap<string, Step>): ReadonlySet<string> {
  const before = new Map<string, string[]>();
  for (const [id, step] of workflow) {
    for (const { to } of edgesOf(step)) before.set(to, [...(before.get(to) ?? []), id]);
  }
  const waiting = [...workflow].filter(([, { type }]) => type === 'end').map(([id]) => id);
  const endable = new Set(waiting);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const earlier of before.get(id) ?? []) {
      if (endable.has(earlier)) continue;
      endable.add(earlier);
      waiting.push(earlier);
    }
  }
  return endable;
}

/** §4.7 to §4.10: a branch has an end step of its own, so that it is known when it is done. */
function checkBranches(workflow: ReadonlyMap<string, Step>): Problem[] {
  const problems: Problem[] = [];
  for (const [id, step] of workflow) {
    const branches = edgesOf(step).filter(({ isBranch }) => isBranch);
    if (branches.length === 0) continue;
    const seenElsewhere = new Map<string, string>();
    for (const { by, to } of branches) {
      if (to === id) {
        problems.push(errorAt(`workflow.${id}.${by}`, 'The branch is the step itself'));
        continue;
      }
      const reached = reachableFrom(to, workflow);
      if (reached.has(id)) {
        problems.push(
          warningAt(
            `workflow.${id}.${by}`,
            'The branch leads back to its own step instead of to an end step of its own',
          ),
        );
      }
      const ends = [...reached].filter((each) => workflow.get(each)?.type === 'end');
      const shared = ends.find((end) => seenElsewhere.has(end));
      if (shared !== undefined) {
        const other = seenElsewhere.get(shared) ?? '';
        problems.push(
          warningAt(`workflow.${id}.${by}`, `Ends in the same end step as ${other}; a branch has one of its own (§4)`),
        );
      }
      for (const end of ends) seenElsewhere.set(end, by);
    }
  }
  return problems;
}
