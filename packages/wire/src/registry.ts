import type { Protocol } from './protocol.ts';
import { ENTERPRISE_PROTOCOLS } from './protocols-enterprise.ts';
import { HEALTH_PROTOCOLS } from './protocols-health.ts';
import { OPERATIONAL_PROTOCOLS } from './protocols-operational.ts';

/** Every protocol room, health care first: they are tried first. */
export const PROTOCOLS: readonly Protocol[] = [...HEALTH_PROTOCOLS, ...ENTERPRISE_PROTOCOLS, ...OPERATIONAL_PROTOCOLS];
