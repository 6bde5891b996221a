export type { DrillView } from './drills/drill-routes.ts';
export type { CheckDefinition } from './knowledge/check-definition.ts';
export type { Maintenance } from './maintenance/maintenance.ts';
export { service } from './service.ts';
export type { ProposalView, ServiceView } from './views.ts';
export type { CheckRequest, ServiceChange, ServiceRequest, StateSpan } from './watch/monitored-service.ts';
