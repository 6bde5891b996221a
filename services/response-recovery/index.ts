export type { ResponsePolicy } from './knowledge/response-policy.ts';
export type { ContactView, DowntimeFiles, DowntimeView } from './routes/downtime-routes.ts';
export type {
  ActionView,
  ActuatorKindView,
  ActuatorView,
  ApprovalView,
  MicroView,
  ResponseState,
  RunDetail,
  RunItem,
  TaskView,
} from './routes/response-shapes.ts';
export { service } from './service.ts';
