import type { StateStore } from '@sphinx/platform';
import type { CareAreaState, Fact } from '@sphinx/schema';
import type { CareLosses } from '../guard/guardian.ts';

const WORDS = { stops: 'stops', degrades: 'is degraded', slows: 'is slowed' } as const;
const MOST_TOLD = 12;

/** What care areas do for patients and what that needs, as the care map tells it. */
export class CareBook implements CareLosses {
  readonly #state: StateStore;
  readonly #areas = new Map<string, CareAreaState>();

  constructor(state: StateStore) {
    this.#state = state;
  }

  async open(): Promise<void> {
    this.#areas.clear();
    const rows = await this.#state.query<{ care: CareAreaState }>('SELECT care FROM response_recovery.care_area');
    for (const { care } of rows) this.#areas.set(care.area, care);
  }

  /** In the order of their names. */
  all(): readonly CareAreaState[] {
    return [...this.#areas.values()].sort((a, b) => a.area.localeCompare(b.area, 'en'));
  }

  lossesOf(deviceId: string): readonly string[] {
    return this.all()
      .flatMap(({ area, beds, services }) =>
        services.flatMap(({ title, needs }) =>
          needs
            .filter(({ assetId }) => assetId === deviceId)
            .map(({ effect, because }) => {
              const where = area === '' ? 'no care area stated' : area;
              return `${title} (${where}${beds === null ? '' : `, ${beds} beds`}) ${WORDS[effect]}: ${because}.`;
            }),
        ),
      )
      .slice(0, MOST_TOLD);
  }

  /** Takes what the care map tells. */
  async take(fact: Fact): Promise<void> {
    if (fact.type !== 'care.changed') return;
    const { area, services } = fact.data;
    if (services.length === 0) {
      await this.#state.query('DELETE FROM response_recovery.care_area WHERE area = $1', [area]);
      this.#areas.delete(area);
      return;
    }
    await this.#state.query(
      `INSERT INTO response_recovery.care_area (area, care) VALUES ($1, $2::jsonb)
       ON CONFLICT (area) DO UPDATE SET care = excluded.care`,
      [area, JSON.stringify(fact.data)],
    );
    this.#areas.set(area, fact.data);
  }
}
