/** §21: BACnetUnconfirmedServiceChoice. */
export const UNCONFIRMED: readonly string[] = [
  'i-am',
  'i-have',
  'unconfirmed-cov-notification',
  'unconfirmed-event-notification',
  'unconfirmed-private-transfer',
  'unconfirmed-text-message',
  'time-synchronization',
  'who-has',
  'who-is',
  'utc-time-synchronization',
  'write-group',
];

/** §21: BACnetConfirmedServiceChoice. */
export const CONFIRMED: readonly string[] = [
  'acknowledge-alarm',
  'confirmed-cov-notification',
  'confirmed-event-notification',
  'get-alarm-summary',
  'get-enrollment-summary',
  'subscribe-cov',
  'atomic-read-file',
  'atomic-write-file',
  'add-list-element',
  'remove-list-element',
  'create-object',
  'delete-object',
  'read-property',
  'read-property-conditional',
  'read-property-multiple',
  'write-property',
  'write-property-multiple',
  'device-communication-control',
  'confirmed-private-transfer',
  'confirmed-text-message',
  'reinitialize-device',
  'vt-open',
  'vt-close',
  'vt-data',
  'authenticate',
  'request-key',
  'read-range',
  'life-safety-operation',
  'subscribe-cov-property',
  'get-event-information',
];

/** §21: properties that tell the device. */
export const DEVICE_PROPERTIES: Readonly<Record<number, string>> = {
  12: 'application-software',
  44: 'firmware',
  58: 'location',
  70: 'model',
  77: 'object-name',
  121: 'vendor',
};
