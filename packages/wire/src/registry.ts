import type { Protocol } from './protocol.ts';
import { DATA_PROTOCOLS } from './protocols-data.ts';
import { ENTERPRISE_PROTOCOLS } from './protocols-enterprise.ts';
import { HEALTH_PROTOCOLS } from './protocols-health.ts';
import { OPERATIONAL_PROTOCOLS } from './protocols-operational.ts';
import { OVERLAY_PROTOCOLS } from './protocols-overlay.ts';
import { RECOGNISED_PROTOCOLS } from './protocols-recognised.ts';
import { SERVICE_PROTOCOLS } from './protocols-services.ts';

/** Every protocol room, health care first: they are tried first. */
export const PROTOCOLS: readonly Protocol[] = [
  ...HEALTH_PROTOCOLS,
  ...ENTERPRISE_PROTOCOLS,
  ...SERVICE_PROTOCOLS,
  ...OPERATIONAL_PROTOCOLS,
  ...DATA_PROTOCOLS,
  ...OVERLAY_PROTOCOLS,
  ...RECOGNISED_PROTOCOLS,
];
