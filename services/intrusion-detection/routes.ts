import type { Clock, Route, StoredCaptures } from '@sphinx/platform';
import type { DetectionStore } from './detections/detection-store.ts';
import type { ListLibrary } from './lists/list-library.ts';
import type { FeedbackStore } from './models/feedback-store.ts';
import type { ModelDesk } from './models/model-desk.ts';
import { detectionRoutes } from './routes-detections.ts';
import { feedbackRoutes } from './routes-feedback.ts';
import { listRoutes } from './routes-lists.ts';
import { modelRoutes } from './routes-model.ts';
import { ruleSetRoutes } from './routes-rule-sets.ts';
import { ruleRoutes } from './routes-rules.ts';
import type { RuleLibrary } from './rule-sets/rule-library.ts';
import type { SetUpdates } from './rule-sets/set-updates.ts';
import type { RuleStore } from './store.ts';

/** Rule sets, rules, lists, detections and the model. */
export function intrusionRoutes(dependencies: {
  readonly library: RuleLibrary;
  readonly setUpdates: SetUpdates;
  readonly lists: ListLibrary;
  readonly store: RuleStore;
  readonly detections: DetectionStore;
  readonly captures: StoredCaptures;
  readonly feedback: FeedbackStore;
  readonly modelDesk: ModelDesk;
  readonly clock: Clock;
  readonly notify: (topic: 'detections') => void;
}): readonly Route[] {
  return [
    ...ruleSetRoutes(dependencies),
    ...ruleRoutes(dependencies),
    ...listRoutes(dependencies),
    ...detectionRoutes(dependencies.detections),
    ...feedbackRoutes(dependencies),
    ...modelRoutes(dependencies.modelDesk),
  ];
}
