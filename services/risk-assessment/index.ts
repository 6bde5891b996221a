export type * from './routes/care-shapes.ts';
export type * from './routes/forecast-shapes.ts';
export type * from './routes/path-shapes.ts';
export type * from './routes/register-shapes.ts';
export type * from './routes/risk-shapes.ts';
export { service } from './service.ts';
