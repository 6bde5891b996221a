export * from './asset.ts';
export * from './event.ts';
export * from './evidence.ts';
export * from './evidence-attributes.ts';
export * from './identifier.ts';
export * from './ocsf/index.ts';
export * from './telemetry.ts';
export * from './verification.ts';
