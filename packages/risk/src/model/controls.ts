import type { Control, ControlState, Outcome, Threat } from './risk-knowledge.ts';

/** What stated controls leave of each threat, 1: all of it. */
export interface ControlFactors {
  readonly entry: Float64Array;
  readonly spread: Float64Array;
  readonly outcomes: Readonly<Record<Outcome, Float64Array>>;
}

const PARTS: Readonly<Record<ControlState, number>> = { yes: 1, partly: 0.5, no: 0 };

/** @param states what people said; a control of which nobody said anything has no effect */
export function controlFactors(
  threats: readonly Threat[],
  controls: readonly Control[],
  states: ReadonlyMap<string, ControlState>,
): ControlFactors {
  const all = () => new Float64Array(threats.length).fill(1);
  const factors = {
    entry: all(),
    spread: all(),
    outcomes: { unavailable: all(), disclosed: all(), altered: all() },
  };
  for (const { id, effects } of controls) {
    const part = PARTS[states.get(id) ?? 'no'];
    for (const { on, threats: of, reduction } of effects) {
      const row = on === 'entry' || on === 'spread' ? factors[on] : factors.outcomes[on];
      threats.forEach((threat, index) => {
        if (of.includes(threat.id)) row[index] = (row[index] ?? 1) * (1 - part * reduction);
      });
    }
  }
  return factors;
}
