import type { Route, StoredCaptures } from '@sphinx/platform';
import type { DetectionStore } from './detections/detection-store.ts';
import type { ListLibrary } from './lists/list-library.ts';
import { detectionRoutes } from './routes-detections.ts';
import { listRoutes } from './routes-lists.ts';
import { ruleSetRoutes } from './routes-rule-sets.ts';
import { ruleRoutes } from './routes-rules.ts';
import type { RuleLibrary } from './rule-sets/rule-library.ts';
import type { SetUpdates } from './rule-sets/set-updates.ts';
import type { RuleStore } from './store.ts';

/** Rule sets, rules, lists and detections. */
export function intrusionRoutes(dependencies: {
  readonly library: RuleLibrary;
  readonly setUpdates: SetUpdates;
  readonly lists: ListLibrary;
  readonly store: RuleStore;
  readonly detections: DetectionStore;
  readonly captures: StoredCaptures;
}): readonly Route[] {
  return [
    ...ruleSetRoutes(dependencies),
    ...ruleRoutes(dependencies),
    ...listRoutes(dependencies),
    ...detectionRoutes(dependencies.detections),
  ];
}
