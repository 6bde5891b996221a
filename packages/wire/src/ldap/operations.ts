/** Operations by application tag (RFC 4511 §4.2 to §4.14). */
export const REQUESTS: Readonly<Record<number, string>> = {
  96: 'bind',
  66: 'unbind',
  99: 'search',
  102: 'modify',
  104: 'add',
  74: 'delete',
  108: 'modify-dn',
  110: 'compare',
  80: 'abandon',
  119: 'extended',
};

/** Answers that end an operation. */
export const FINAL_ANSWERS: Readonly<Record<number, string>> = {
  97: 'bind',
  101: 'search',
  103: 'modify',
  105: 'add',
  107: 'delete',
  109: 'modify-dn',
  111: 'compare',
  120: 'extended',
};

export const SEARCH_ENTRY = 0x64;
/** Answers on the way: entries, references, intermediate responses. */
export const OTHER_ANSWERS: readonly number[] = [SEARCH_ENTRY, 0x73, 0x79];

/** Result codes (RFC 4511 appendix A). */
export const RESULTS: Readonly<Record<number, string>> = {
  0: 'success',
  1: 'operations-error',
  2: 'protocol-error',
  3: 'time-limit-exceeded',
  4: 'size-limit-exceeded',
  5: 'compare-false',
  6: 'compare-true',
  7: 'authentication-method-not-supported',
  8: 'stronger-authentication-required',
  10: 'referral',
  11: 'admin-limit-exceeded',
  12: 'unavailable-critical-extension',
  13: 'confidentiality-required',
  14: 'sasl-bind-in-progress',
  16: 'no-such-attribute',
  20: 'attribute-or-value-exists',
  32: 'no-such-object',
  34: 'invalid-dn-syntax',
  48: 'inappropriate-authentication',
  49: 'invalid-credentials',
  50: 'insufficient-access-rights',
  51: 'busy',
  52: 'unavailable',
  53: 'unwilling-to-perform',
  65: 'object-class-violation',
  68: 'entry-already-exists',
  80: 'other',
};
/** Results that are no failures: comparisons, referrals, and a bind that goes on. */
export const GOOD_RESULTS: ReadonlySet<number> = new Set([0, 5, 6, 10, 14]);

/** Extended operations by object identifier. */
export const EXTENDED: Readonly<Record<string, string>> = {
  '1.3.6.1.4.1.1466.20037': 'start-tls',
  '1.3.6.1.4.1.4203.1.11.1': 'password-modify',
  '1.3.6.1.4.1.4203.1.11.3': 'who-am-i',
  '1.3.6.1.1.8': 'cancel',
  '1.3.6.1.4.1.1466.20036': 'notice-of-disconnection',
};
