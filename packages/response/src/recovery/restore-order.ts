/** A service, application or device that has to come back. */
export interface Restorable {
  readonly id: string;
  readonly name: string;
  /** Somebody may die without it. */
  readonly isLifeSustaining: boolean;
  /** Beds that care is disturbed for while it is away; 0 where that is not known. */
  readonly beds: number;
  /** Minutes within which it should be back (recovery time objective). */
  readonly goalMinutes?: number | undefined;
}

/** One thing does not work without another. */
export interface Dependency {
  /** Id of what needs. */
  readonly needs: string;
  /** Id of what is needed. */
  readonly on: string;
}

/** A place in the order. */
export interface RestoreStep {
  readonly id: string;
  readonly name: string;
  /** Counted from 1. What has the same number can be restored at the same time. */
  readonly wave: number;
  readonly reasons: readonly string[];
}

interface Weight {
  readonly life: number;
  readonly beds: number;
  readonly goal: number;
  /** Who makes it as urgent as this. */
  readonly heir?: Restorable | undefined;
}

/**
 * In which order things come back: nothing before what it needs, and among what could be next, whatever lives, then deadlines,
 * then most beds wait for. Things inherit the urgency of what needs them. Those that need each other in a circle come together.
 * The same input gives the same order, in which way ever it is sorted.
 *
 * @param things what has to come back; dependencies on others, which are there, do not count
 */
export function planRestoreOrder(
  things: readonly Restorable[],
  dependencies: readonly Dependency[],
): readonly RestoreStep[] {
  const known = new Map(things.map((thing) => [thing.id, thing]));
  const needs = neededBy(known, dependencies);
  const groups = circlesOf([...known.keys()].sort(), needs);
  const groupOf = new Map(groups.flatMap((group, index) => group.map((id) => [id, index] as const)));
  const weights = inheritUrgency(known, groups, groupOf, needs);
  const { waitsFor, waiters } = waitingOf(groups, groupOf, needs);
  const steps: RestoreStep[] = [];
  let ready = [...groups.keys()].filter((index) => waitsFor[index] === 0);
  for (let wave = 1; ready.length > 0; wave++) {
    const next: number[] = [];
    ready.sort(
      (left, right) => compareUrgency(weights[left], weights[right]) || compareText(groups[left], groups[right]),
    );
    for (const index of ready) {
      const group = groups[index] ?? [];
      for (const id of group) steps.push(stepOf(id, wave, known, group, needs, weights[index]));
      for (const waiter of waiters[index] ?? []) {
        const left = (waitsFor[waiter] ?? 0) - 1;
        waitsFor[waiter] = left;
        if (left === 0) next.push(waiter);
      }
    }
    ready = next;
  }
  return steps;
}

/** For each group, how many others it waits for, and which wait for it. */
function waitingOf(
  groups: readonly (readonly string[])[],
  groupOf: ReadonlyMap<string, number>,
  needs: ReadonlyMap<string, readonly string[]>,
): { waitsFor: number[]; waiters: number[][] } {
  const waiters: number[][] = groups.map(() => []);
  const waitsFor = groups.map((group, index) => {
    const others = new Set(group.flatMap((id) => needs.get(id) ?? []).map((on) => groupOf.get(on) ?? index));
    others.delete(index);
    for (const other of others) waiters[other]?.push(index);
    return others.size;
  });
  return { waitsFor, waiters };
}

function neededBy(
  known: ReadonlyMap<string, Restorable>,
  dependencies: readonly Dependency[],
): ReadonlyMap<string, readonly string[]> {
  const needs = new Map<string, Set<string>>([...known.keys()].map((id) => [id, new Set<string>()]));
  for (const { needs: who, on } of dependencies) if (who !== on && known.has(on)) needs.get(who)?.add(on);
  return new Map([...needs].map(([id, on]) => [id, [...on].sort()]));
}

/** Strongly connected components (Tarjan 1972), with a stack of its own: maps can be deeper than that of the engine. */
function circlesOf(
  ids: readonly string[],
  needs: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const onPath: string[] = [];
  const isOnPath = new Set<string>();
  const groups: string[][] = [];
  const enter = (id: string): { id: string; next: number } => {
    index.set(id, index.size);
    low.set(id, index.size - 1);
    onPath.push(id);
    isOnPath.add(id);
    return { id, next: 0 };
  };
  const lower = (id: string, value: number): void => void low.set(id, Math.min(low.get(id) ?? value, value));
  const leave = (id: string): void => {
    if (low.get(id) !== index.get(id)) return;
    const group = onPath.splice(onPath.indexOf(id));
    for (const member of group) isOnPath.delete(member);
    groups.push(group.sort());
  };
  for (const start of ids) {
    if (index.has(start)) continue;
    const calls = [enter(start)];
    for (let call = calls.at(-1); call !== undefined; call = calls.at(-1)) {
      const on = needs.get(call.id)?.[call.next++];
      if (on === undefined) {
        calls.pop();
        leave(call.id);
        const caller = calls.at(-1);
        if (caller !== undefined) lower(caller.id, low.get(call.id) ?? 0);
      } else if (!index.has(on)) calls.push(enter(on));
      else if (isOnPath.has(on)) lower(call.id, index.get(on) ?? 0);
    }
  }
  return groups;
}

/** Tarjan's order has what is needed before what needs it, so that urgency is handed down from the end. */
function inheritUrgency(
  known: ReadonlyMap<string, Restorable>,
  groups: readonly (readonly string[])[],
  groupOf: ReadonlyMap<string, number>,
  needs: ReadonlyMap<string, readonly string[]>,
): readonly Weight[] {
  const weights: Weight[] = groups.map((group) =>
    group
      .map((id) => ownWeight(known.get(id)))
      .reduce((left, right) => (compareUrgency(left, right) <= 0 ? left : right)),
  );
  for (let index = groups.length - 1; index >= 0; index--) {
    const own = weights[index];
    for (const id of groups[index] ?? []) {
      for (const on of needs.get(id) ?? []) {
        const target = groupOf.get(on) ?? index;
        if (target !== index && own !== undefined && compareUrgency(own, weights[target]) < 0)
          weights[target] = { ...own, heir: own.heir ?? known.get(id) };
      }
    }
  }
  return weights;
}

function ownWeight(thing: Restorable | undefined): Weight {
  return {
    life: thing?.isLifeSustaining === true ? 1 : 0,
    beds: thing?.beds ?? 0,
    goal: thing?.goalMinutes ?? Number.POSITIVE_INFINITY,
  };
}

/** Below zero where the first is more urgent. */
function compareUrgency(left: Weight | undefined, right: Weight | undefined): number {
  if (left === undefined || right === undefined) return 0;
  if (left.life !== right.life) return right.life - left.life;
  if (left.goal !== right.goal) return left.goal < right.goal ? -1 : 1;
  return right.beds - left.beds;
}

function compareText(left: readonly string[] = [], right: readonly string[] = []): number {
  const [one = ''] = left;
  const [other = ''] = right;
  return one < other ? -1 : one > other ? 1 : 0;
}

function stepOf(
  id: string,
  wave: number,
  known: ReadonlyMap<string, Restorable>,
  group: readonly string[],
  needs: ReadonlyMap<string, readonly string[]>,
  weight: Weight | undefined,
): RestoreStep {
  const thing = known.get(id);
  const nameOf = (other: string): string => known.get(other)?.name ?? other;
  const before = (needs.get(id) ?? []).filter((on) => !group.includes(on)).map(nameOf);
  const together = group.filter((other) => other !== id).map(nameOf);
  const heir = weight?.heir;
  const reasons = [
    ...(thing?.isLifeSustaining === true ? ['It is life-sustaining.'] : []),
    ...(heir === undefined
      ? []
      : [`${heir.name} needs it${heir.isLifeSustaining ? ', which is life-sustaining' : ''}.`]),
    ...(before.length > 0 ? [`It needs ${before.join(', ')} first.`] : []),
    ...(together.length > 0 ? [`It and ${together.join(', ')} need each other: they come together.`] : []),
    ...(thing?.goalMinutes === undefined ? [] : [`It should be back within ${thing.goalMinutes} minutes.`]),
    ...(thing !== undefined && thing.beds > 0 ? [`Care of ${thing.beds} beds waits for it.`] : []),
  ];
  return {
    id,
    name: thing?.name ?? id,
    wave,
    reasons: reasons.length > 0 ? reasons : ['Nothing waits for it, and it for nothing.'],
  };
}
