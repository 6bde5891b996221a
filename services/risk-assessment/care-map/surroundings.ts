import type { CareMap } from '@sphinx/risk';
import type { Surroundings } from '../routes/care-shapes.ts';
import { nodeItem, sentenceOf } from './describe.ts';

/** A column of a picture holds no more that a person could read. */
const MOST_PER_LAYER = 14;
const MOST_STEPS = 4;

/** What a node needs and what needs it, step by step in both directions, as far as a picture has room. */
export function surroundingsOf(map: CareMap, place: number): Surroundings {
  const upward = reached(place, (at) => map.neededBy(at));
  const downward = reached(place, (at) =>
    (map.needs[at] ?? []).flatMap(({ needs }) => needs.map(({ provider }) => provider)),
  );
  const all = [...new Set([...upward, ...downward])];
  const counts = new Map<string, number>();
  const shown = new Set<number>();
  for (const each of all) {
    const { layer } = map.at(each);
    const count = counts.get(layer) ?? 0;
    if (count >= MOST_PER_LAYER) continue;
    counts.set(layer, count + 1);
    shown.add(each);
  }
  const edges = [...shown].flatMap((dependent) =>
    (map.needs[dependent] ?? []).flatMap(({ needs }) =>
      needs
        .filter(({ provider }) => shown.has(provider))
        .map((need) => ({
          from: map.at(dependent).id,
          to: map.at(need.provider).id,
          effect: need.effect,
          text: sentenceOf(map, dependent, need),
        })),
    ),
  );
  return { nodes: [...shown].map((each) => nodeItem(map, each)), edges, leftOut: all.length - shown.size };
}

/** Places that can be reached in some steps, the nearest first. */
function reached(start: number, next: (place: number) => readonly number[]): readonly number[] {
  const seen = new Set([start]);
  let edge: readonly number[] = [start];
  for (let step = 0; step < MOST_STEPS && edge.length > 0; step++) {
    edge = [...new Set(edge.flatMap(next))].filter((place) => !seen.has(place));
    for (const place of edge) seen.add(place);
  }
  return [...seen];
}
