import type { Route } from '@sphinx/platform';
import { detectionRoutes } from './routes-detections.ts';
import { ruleSetRoutes } from './routes-rule-sets.ts';
import { ruleRoutes } from './routes-rules.ts';
import type { RuleLibrary } from './rule-sets/rule-library.ts';
import type { DetectionStore } from './store.ts';

/** Rule sets, rules and detections. */
export function intrusionRoutes(dependencies: {
  readonly library: RuleLibrary;
  readonly store: DetectionStore;
}): readonly Route[] {
  return [...ruleSetRoutes(dependencies.library), ...ruleRoutes(dependencies), ...detectionRoutes(dependencies.store)];
}
