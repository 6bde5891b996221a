export { checkBundle } from './bundle/check-bundle.ts';
export type { IncidentDetail, IncidentItem, LessonItem } from './routes/incident-shapes.ts';
export { service } from './service.ts';
