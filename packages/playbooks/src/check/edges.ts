import type { Step } from '../cacao/steps.ts';

/** A way from a step to another. */
export interface Edge {
  /** Property that names it, for example `on_true` or `cases.high`. */
  readonly by: string;
  readonly to: string;
  /** A branch comes back to its step when it has reached its end; other ways do not (§4.7 to §4.10). */
  readonly isBranch: boolean;
}

/** @returns every way that leads away from a step, in the order in which a reader asks for them */
export function edgesOf(step: Step): readonly Edge[] {
  const branches: [string, string | undefined][] = [
    ...(step.next_steps ?? []).map((to, index): [string, string] => [`next_steps.${index}`, to]),
    ['on_true', step.on_true],
    ['on_false', step.on_false],
    ...Object.entries(step.cases ?? {}).map(([name, to]): [string, string] => [`cases.${name}`, to]),
  ];
  const ways: [string, string | undefined][] = [
    ['on_completion', step.on_completion],
    ['on_success', step.on_success],
    ['on_failure', step.on_failure],
  ];
  return [
    ...branches.flatMap(([by, to]) => (to === undefined ? [] : { by, to, isBranch: true })),
    ...ways.flatMap(([by, to]) => (to === undefined ? [] : { by, to, isBranch: false })),
  ];
}

/** @returns every step that can be come to from one, itself included */
export function reachableFrom(start: string, workflow: ReadonlyMap<string, Step>): ReadonlySet<string> {
  const reached = new Set<string>([start]);
  const waiting = [start];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const step = workflow.get(id);
    if (step === undefined) continue;
    for (const { to } of edgesOf(step)) {
      if (reached.has(to)) continue;
      reached.add(to);
      waiting.push(to);
    }
  }
  return reached;
}
