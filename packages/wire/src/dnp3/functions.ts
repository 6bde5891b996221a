export const CONFIRM = 0;
export const RESPONSE = 129;
export const UNSOLICITED = 130;

/** Application functions (IEEE 1815 §4.2.2.5 and annex B). */
export const FUNCTIONS: Readonly<Record<number, string>> = {
  0: 'confirm',
  1: 'read',
  2: 'write',
  3: 'select',
  4: 'operate',
  5: 'direct-operate',
  6: 'direct-operate-no-response',
  7: 'immediate-freeze',
  8: 'immediate-freeze-no-response',
  9: 'freeze-clear',
  10: 'freeze-clear-no-response',
  11: 'freeze-at-time',
  12: 'freeze-at-time-no-response',
  13: 'cold-restart',
  14: 'warm-restart',
  15: 'initialise-data',
  16: 'initialise-application',
  17: 'start-application',
  18: 'stop-application',
  19: 'save-configuration',
  20: 'enable-unsolicited',
  21: 'disable-unsolicited',
  22: 'assign-class',
  23: 'delay-measurement',
  24: 'record-current-time',
  25: 'open-file',
  26: 'close-file',
  27: 'delete-file',
  28: 'get-file-information',
  29: 'authenticate-file',
  30: 'abort-file',
  31: 'activate-configuration',
  32: 'authentication-request',
  33: 'authentication-request-no-acknowledgement',
  [RESPONSE]: 'response',
  [UNSOLICITED]: 'unsolicited-response',
  131: 'authentication-response',
};

/** Functions that no outstation answers. */
export const WITHOUT_ANSWER: ReadonlySet<number> = new Set([0, 6, 8, 10, 12, 33]);
/** Functions that act on the process or on the outstation itself. */
export const CONTROLS: ReadonlySet<number> = new Set([2, 4, 5, 13, 14, 15, 16, 17, 18, 19, 22, 27, 31]);
