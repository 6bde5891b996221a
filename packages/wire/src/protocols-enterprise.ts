import type { Protocol } from './protocol.ts';

/** Rooms of the protocols that every organisation's network speaks. */
export const ENTERPRISE_PROTOCOLS: readonly Protocol[] = [];
