/** G-PDU (TS 29.281 §7.3.1). */
export const USER_DATA = 255;

type Names = Readonly<Record<number, string>>;

/** TS 29.060 §7.1, TS 29.281 §6.1. */
export const MESSAGES_1: Names = {
  1: 'echo-request',
  2: 'echo-response',
  3: 'version-not-supported',
  16: 'create-context-request',
  17: 'create-context-response',
  18: 'update-context-request',
  19: 'update-context-response',
  20: 'delete-context-request',
  21: 'delete-context-response',
  26: 'error-indication',
  27: 'notification-request',
  28: 'notification-response',
  31: 'supported-extension-headers',
  48: 'identification-request',
  49: 'identification-response',
  50: 'context-request',
  51: 'context-response',
  52: 'context-acknowledgement',
  254: 'end-marker',
};

/** TS 29.274 §6.1. */
export const MESSAGES_2: Names = {
  1: 'echo-request',
  2: 'echo-response',
  3: 'version-not-supported',
  32: 'create-session-request',
  33: 'create-session-response',
  34: 'modify-bearer-request',
  35: 'modify-bearer-response',
  36: 'delete-session-request',
  37: 'delete-session-response',
  95: 'create-bearer-request',
  96: 'create-bearer-response',
  97: 'update-bearer-request',
  98: 'update-bearer-response',
  99: 'delete-bearer-request',
  100: 'delete-bearer-response',
  128: 'identification-request',
  129: 'identification-response',
  130: 'context-request',
  131: 'context-response',
  133: 'forward-relocation-request',
  134: 'forward-relocation-response',
  170: 'release-access-bearers-request',
  171: 'release-access-bearers-response',
  176: 'downlink-data-notification',
  177: 'downlink-data-notification-acknowledgement',
};

/** TS 32.295 §6.2. */
export const MESSAGES_PRIME: Names = {
  1: 'echo-request',
  2: 'echo-response',
  3: 'version-not-supported',
  4: 'node-alive-request',
  5: 'node-alive-response',
  6: 'redirection-request',
  7: 'redirection-response',
  240: 'data-record-transfer-request',
  241: 'data-record-transfer-response',
};
