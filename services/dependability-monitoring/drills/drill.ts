import type { StateStore } from '@sphinx/platform';
import { Identifier, Timestamp } from '@sphinx/schema';
import { z } from 'zod';

/** A recovery that was tried, or had to be done: how long it took and how much was lost. */
export const Drill = z
  .object({
    id: Identifier,
    serviceId: z.string(),
    kind: z.enum(['drill', 'real']).meta({ description: 'real: it was an outage and no exercise' }),
    at: Timestamp.meta({ description: 'When it began' }),
    recoveryMinutes: z.int().min(0).max(43_200).meta({ description: 'Until the service could be used again' }),
    dataLossMinutes: z.int().min(0).max(43_200).nullable().meta({ description: 'Age of the data that was restored' }),
    isComplete: z.boolean().meta({ description: 'Everything came back' }),
    note: z.string().max(1000),
    by: z.string(),
    recordedAt: Timestamp,
  })
  .meta({ id: 'RecoveryDrill' });
export type Drill = z.infer<typeof Drill>;

/** How a recovery stands to the objectives of its service. */
export interface DrillVerdict {
  /** null where no objective is set, or nothing was said. */
  readonly meetsRecoveryTime: boolean | null;
  readonly meetsRecoveryPoint: boolean | null;
}

export function judgeDrill(
  drill: Pick<Drill, 'recoveryMinutes' | 'dataLossMinutes' | 'isComplete'>,
  objectives: { readonly recoveryMinutes: number | null; readonly dataLossMinutes: number | null },
): DrillVerdict {
  const { recoveryMinutes, dataLossMinutes, isComplete } = drill;
  return {
    meetsRecoveryTime:
      objectives.recoveryMinutes === null ? null : isComplete && recoveryMinutes <= objectives.recoveryMinutes,
    meetsRecoveryPoint:
      objectives.dataLossMinutes === null || dataLossMinutes === null
        ? null
        : isComplete && dataLossMinutes <= objectives.dataLossMinutes,
  };
}

/** Drills by service. */
export class DrillStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  async add(drill: Drill): Promise<void> {
    await this.#state.query(
      'INSERT INTO dependability_monitoring.drill (id, service, at, drill) VALUES ($1, $2, $3, $4::jsonb)',
      [drill.id, drill.serviceId, drill.at, JSON.stringify(drill)],
    );
  }

  /** @returns whether there was one */
  async remove(serviceId: string, id: string): Promise<boolean> {
    const rows = await this.#state.query(
      'DELETE FROM dependability_monitoring.drill WHERE service = $1 AND id = $2 RETURNING id',
      [serviceId, id],
    );
    return rows.length > 0;
  }

  /** Latest first. */
  async of(serviceId: string): Promise<readonly Drill[]> {
    const rows = await this.#state.query<{ drill: Drill }>(
      'SELECT drill FROM dependability_monitoring.drill WHERE service = $1 ORDER BY at DESC, id LIMIT 500',
      [serviceId],
    );
    return rows.map(({ drill }) => drill);
  }
}
