import type { Protocol } from './protocol.ts';

/** Rooms of health care protocols. */
export const HEALTH_PROTOCOLS: readonly Protocol[] = [];
