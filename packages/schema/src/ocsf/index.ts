export { OCSF_VERSION, type OcsfEvent, SPHINX_EXTENSION } from './ocsf-event.ts';
export { telemetryToOcsf, toOcsf } from './to-ocsf.ts';
