import type { Fact } from '../event.ts';
import { createOcsfEvent, type OcsfActivity, type OcsfEvent, type OcsfOrigin } from './ocsf-event.ts';

type AvailabilityFact = Fact<'service.up' | 'service.degraded' | 'service.down'>;

/** `activity_id` of Application Lifecycle. */
const ACTIVITIES: Readonly<Record<AvailabilityFact['type'], OcsfActivity>> = {
  'service.up': [3, 'Start'],
  'service.down': [4, 'Stop'],
  'service.degraded': [99, 'Degraded'],
};
const WORDS: Readonly<Record<AvailabilityFact['type'], string>> = {
  'service.up': 'is up',
  'service.down': 'is down',
  'service.degraded': 'is degraded',
};

/** A monitored service went down, came up, or works in part: Application Lifecycle. */
export function serviceChanged({ type, time, data }: AvailabilityFact, origin: OcsfOrigin): OcsfEvent {
  const { serviceId, name, reason, cause } = data;
  const isAttack = cause === 'possible-attack';
  return createOcsfEvent('application_lifecycle', {
    activity: ACTIVITIES[type],
    time,
    message: `${name} ${WORDS[type]}${reason === '' ? '' : `: ${reason}`}${isAttack ? ' (may be an attack)' : ''}`,
    severity: type === 'service.down' ? (isAttack ? 'high' : 'medium') : 'informational',
    origin,
    attributes: { app: { uid: serviceId, name, vendor_name: 'Hospital' } },
  });
}
