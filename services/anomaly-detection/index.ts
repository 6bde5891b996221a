export type { Anomaly, ShownAnomaly } from './anomalies/anomaly.ts';
export type { BaselineDetail } from './baselines/baseline-routes.ts';
export type { DetectorItem } from './detectors/detector-items.ts';
export { service } from './service.ts';
