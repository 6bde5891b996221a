export type * from './protocol.ts';
export type * from './sensor.ts';
