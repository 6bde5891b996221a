/** Encapsulation commands (CIP volume 2 §2-4). */
export const COMMANDS: Readonly<Record<number, string>> = {
  0: 'nop',
  4: 'list-services',
  99: 'list-identity',
  100: 'list-interfaces',
  101: 'register-session',
  102: 'unregister-session',
  111: 'send-rr-data',
  112: 'send-unit-data',
};

/** Encapsulation statuses (§2-3.4); what is not here is no status of this protocol. */
export const STATUSES: ReadonlySet<number> = new Set([0, 1, 2, 3, 0x64, 0x65, 0x69, 0x6a]);

/** CIP services (volume 1, appendix A); those of single objects from 0x4b on are of the message router and PCCC. */
export const SERVICES: Readonly<Record<number, string>> = {
  1: 'get-attributes-all',
  2: 'set-attributes-all',
  3: 'get-attribute-list',
  4: 'set-attribute-list',
  5: 'reset',
  6: 'start',
  7: 'stop',
  8: 'create',
  9: 'delete',
  10: 'multiple-service',
  13: 'apply-attributes',
  14: 'get-attribute-single',
  16: 'set-attribute-single',
  75: 'execute-pccc',
  76: 'read-tag',
  77: 'write-tag',
  78: 'forward-close',
  82: 'unconnected-send',
  84: 'forward-open',
  91: 'large-forward-open',
};
