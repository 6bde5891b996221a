export type { DecoyView, PersonaView } from './routes-decoys.ts';
export type { SampleItem } from './routes-samples.ts';
export type { CredentialItem, SessionItem } from './routes-sessions.ts';
export { service } from './service.ts';
export type { Session } from './sessions/session.ts';
export type { Honeytoken } from './tokens/token.ts';
