import type { AssetPlace } from '@sphinx/platform';
import type { MeasureId } from '../traffic/measures.ts';
import type { Anomaly } from './anomaly.ts';

/** What somebody has said to be normal may grow by so much before it is told again. */
const ROOM = 1.5;

type Decided = Pick<Anomaly, 'detector' | 'actor' | 'assetId' | 'about' | 'measure' | 'habit' | 'verdict' | 'scope'>;

/** What people have said to be normal, or to be none, and what follows from it. */
export class Acceptances {
  readonly #placeOf: (ip: string) => AssetPlace | undefined;
  /** By detector, device or kind, and what it is about. */
  readonly #normal = new Set<string>();
  readonly #upTo = new Map<string, number>();
  readonly #refused = new Set<string>();

  constructor(placeOf: (ip: string) => AssetPlace | undefined) {
    this.#placeOf = placeOf;
  }

  /** Begins anew with all decisions that stand. */
  use(decisions: Iterable<Decided>): void {
    this.#normal.clear();
    this.#upTo.clear();
    this.#refused.clear();
    for (const decision of decisions) this.#add(decision);
  }

  /** Value of a measure up to which it is normal for this host; 0 where nobody has said so. */
  upTo(detector: string, actor: string, measure: MeasureId): number {
    if (this.#upTo.size === 0) return 0;
    return Math.max(
      0,
      ...this.#holdersOf(actor).map((holder) => this.#upTo.get(keyOf(detector, holder, measure)) ?? 0),
    );
  }

  isNormal(detector: string, actor: string, about: string): boolean {
    if (this.#normal.size === 0) return false;
    return this.#holdersOf(actor).some((holder) => this.#normal.has(keyOf(detector, holder, about)));
  }

  /** Whether somebody has confirmed that this habit of the host is none of its own. */
  isRefused(actor: string, habit: string): boolean {
    return (
      this.#refused.size > 0 && this.#holdersOf(actor).some((holder) => this.#refused.has(keyOf('', holder, habit)))
    );
  }

  #add({ detector, actor, assetId, about, measure, habit, verdict, scope }: Decided): void {
    const device = assetId ?? actor;
    if (verdict === 'confirmed') {
      if (habit !== null) this.#refused.add(keyOf('', device, habit));
      return;
    }
    if (verdict !== 'normal') return;
    const kind = this.#placeOf(actor)?.kind ?? '';
    const holder = scope === 'kind' && kind !== '' ? `kind ${kind}` : device;
    if (measure === null) this.#normal.add(keyOf(detector, holder, about));
    else {
      const key = keyOf(detector, holder, measure.id);
      this.#upTo.set(key, Math.max(this.#upTo.get(key) ?? 0, measure.value * ROOM));
    }
  }

  #holdersOf(actor: string): readonly string[] {
    const place = this.#placeOf(actor);
    if (place === undefined) return [actor];
    return place.kind === '' ? [place.asset, actor] : [place.asset, actor, `kind ${place.kind}`];
  }
}

function keyOf(detector: string, holder: string, about: string): string {
  return `${detector}\n${holder}\n${about}`;
}
