export { enrol, readIdentity, writeIdentity } from './remote/enrolment.ts';
export { type RemoteSensor, startRemoteSensor } from './remote/remote-sensor.ts';
export { service } from './service.ts';
export { proveCapture } from './sources/live-capture.ts';
