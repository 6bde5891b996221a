export { service } from './service.ts';
export { proveCapture } from './sources/live-capture.ts';
