import type { Interference, Reversibility } from '@sphinx/playbooks';
import type { MeasureKind } from '@sphinx/schema';

/** What carrying out one measure on one asset asks for and does. */
export interface MeasureEffects {
  readonly verb: string;
  readonly interference: Interference;
  readonly careText: string;
  readonly minutesToEffect: readonly [number, number];
  readonly workHours: readonly [number, number];
  readonly careMinutes: readonly [number, number];
  readonly reversibility: Reversibility;
}

/** Judgement of the authors, as the effects of the playbooks are; the effect on risk is not among it: that is tried on the model. */
export const MEASURE_EFFECTS: Readonly<Record<MeasureKind, MeasureEffects>> = {
  patch: {
    verb: 'Patch',
    interference: 'restarted',
    careText: 'It is restarted once.',
    minutesToEffect: [240, 10_080],
    workHours: [2, 16],
    careMinutes: [10, 120],
    reversibility: 'within-hours',
  },
  segment: {
    verb: 'Segment',
    interference: 'restricted',
    careText: 'What care uses goes on; administration of it needs another way.',
    minutesToEffect: [30, 480],
    workHours: [2, 12],
    careMinutes: [0, 30],
    reversibility: 'at-once',
  },
  'switch-off': {
    verb: 'Switch off',
    interference: 'cut-off',
    careText: 'It cannot be used until it is switched on again.',
    minutesToEffect: [5, 30],
    workHours: [0.5, 2],
    careMinutes: [60, 10_080],
    reversibility: 'within-hours',
  },
  block: {
    verb: 'Block what comes from outside to',
    interference: 'restricted',
    careText: 'Nobody outside reaches it, suppliers and portals among them.',
    minutesToEffect: [5, 60],
    workHours: [0.5, 2],
    careMinutes: [0, 60],
    reversibility: 'at-once',
  },
};
