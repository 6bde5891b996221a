import type { Clock, Route } from '@sphinx/platform';
import type { ChecklistStore } from './incidents/checklist-store.ts';
import type { IncidentStore } from './incidents/incident-store.ts';
import type { IncidentWork } from './incidents/incident-work.ts';
import type { Checklist } from './knowledge/checklists.ts';
import { readRoutes } from './routes/read-routes.ts';
import { sampleRoutes, workRoutes } from './routes/work-routes.ts';
import type { SampleDesk } from './sample/sample-desk.ts';

export interface IncidentRouteParts {
  readonly store: IncidentStore;
  readonly work: IncidentWork;
  readonly checklists: readonly Checklist[];
  readonly checklistStore: ChecklistStore;
  readonly clock: Clock;
  readonly sample: SampleDesk;
}

/** Incidents: what there is, and what people do with it. */
export function incidentRoutes(parts: IncidentRouteParts): readonly Route[] {
  return [...readRoutes(parts), ...sampleRoutes(parts), ...workRoutes(parts)];
}
