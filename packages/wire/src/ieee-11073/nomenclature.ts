/** Device specializations (ISO/IEEE 11073-10101, MDC_DEV_SPEC_PROFILE_…), with the part -104xx that describes each. */
const SPECIALIZATIONS: Readonly<Record<number, string>> = {
  4100: 'pulse oximeter (-10404)',
  4102: 'basic electrocardiograph (-10406)',
  4103: 'blood pressure monitor (-10407)',
  4104: 'thermometer (-10408)',
  4109: 'respiration rate monitor',
  4111: 'weighing scale (-10415)',
  4113: 'glucose meter (-10417)',
  4114: 'coagulation meter (-10418)',
  4115: 'insulin pump (-10419)',
  4116: 'body composition analyser (-10420)',
  4117: 'peak expiratory flow monitor (-10421)',
  4118: 'urine analyser (-10422)',
  4120: 'sleep apnoea therapy equipment (-10424)',
  4121: 'continuous glucose monitor (-10425)',
  4137: 'cardiovascular fitness monitor (-10441)',
  4138: 'strength fitness equipment (-10442)',
  4167: 'activity hub (-10471)',
  4168: 'medication monitor (-10472)',
};

/** Parts of ISO/IEEE 11073 whose standard configurations have hundreds of their own (ISO/IEEE 11073-20601 §8.7.3). */
const PARTS: Readonly<Record<number, number>> = {
  4: 4100,
  6: 4102,
  7: 4103,
  8: 4104,
  15: 4111,
  17: 4113,
  18: 4114,
  19: 4115,
  20: 4116,
  21: 4117,
  22: 4118,
  24: 4120,
  25: 4121,
  41: 4137,
  42: 4138,
  71: 4167,
  72: 4168,
};

const FIRST_EXTENDED_CONFIGURATION = 0x4000;

export function specializationName(code: number): string {
  return SPECIALIZATIONS[code] ?? `specialization ${code}`;
}

/** @returns what a device of a standard configuration is; empty for one that describes itself */
export function specializationOfConfiguration(id: number): string {
  if (id >= FIRST_EXTENDED_CONFIGURATION) return '';
  const code = PARTS[Math.floor(id / 100)];
  return code === undefined ? '' : specializationName(code);
}

/** Classes of objects of which a device consists (ISO/IEEE 11073-10101, MDC_MOC_…). */
const OBJECT_CLASSES: Readonly<Record<number, string>> = {
  5: 'metric',
  6: 'numeric',
  9: 'real-time sample array',
  8: 'enumeration',
  16: 'scanner',
  17: 'configurable scanner',
  18: 'episodic scanner',
  19: 'periodic scanner',
  37: 'device system',
  61: 'persistent store',
};

export function objectClassName(code: number): string {
  return OBJECT_CLASSES[code] ?? `class ${code}`;
}

/** ISO/IEEE 11073-20601 §A.8 AssociateResult. */
export const ASSOCIATE_RESULTS: readonly string[] = [
  'accepted',
  'rejected permanently',
  'rejected for the moment',
  'accepted, configuration unknown',
  'rejected: no common protocol',
  'rejected: no common parameter',
  'rejected',
  'rejected: not authorized',
  'rejected: version of the association not supported',
];

export function isAccepted(result: number): boolean {
  return result === 0 || result === 3;
}

/** §A.9, §A.10. */
export const RELEASE_REASONS: readonly string[] = ['normal', 'no more configurations', 'configuration changed'];
export const ABORT_REASONS: readonly string[] = [
  'undefined',
  'buffer overflow',
  'response timeout',
  'configuration timeout',
];

/** §A.11.5 ConfigResult. */
export const CONFIGURATION_RESULTS: readonly string[] = ['accepted', 'not supported', 'standard configuration unknown'];

/** Notifications (MDC_NOTI_…) that agents send, ISO/IEEE 11073-20601 §A.11.5. */
export const CONFIGURATION_NOTIFICATION = 0x0d1c;
const NOTIFICATIONS: Readonly<Record<number, string>> = {
  3356: 'configuration',
  3357: 'measurement',
  3358: 'measurement',
  3359: 'measurement of several persons',
  3360: 'measurement of several persons',
  3361: 'stored measurements',
  3362: 'scan',
  3363: 'scan',
  3364: 'scan',
  3365: 'scan of several persons',
  3366: 'scan of several persons',
  3367: 'scan of several persons',
};

export function notificationName(code: number): string {
  return NOTIFICATIONS[code] ?? `notification ${code}`;
}
