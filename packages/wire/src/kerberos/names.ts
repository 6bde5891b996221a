/** Message types by application tag (RFC 4120 §5.10). */
export const MESSAGE_TYPES: Readonly<Record<number, string>> = {
  106: 'as-request',
  107: 'as-reply',
  108: 'tgs-request',
  109: 'tgs-reply',
  110: 'ap-request',
  111: 'ap-reply',
  126: 'error',
};

/** Encryption types (IANA registry; RFC 3961, RFC 3962, RFC 8009, RFC 4757). */
export const ENCRYPTION_TYPES: Readonly<Record<number, string>> = {
  1: 'des-cbc-crc',
  3: 'des-cbc-md5',
  16: 'des3-cbc-sha1',
  17: 'aes128-cts-hmac-sha1-96',
  18: 'aes256-cts-hmac-sha1-96',
  19: 'aes128-cts-hmac-sha256-128',
  20: 'aes256-cts-hmac-sha384-192',
  23: 'rc4-hmac',
  24: 'rc4-hmac-exp',
};

/** Error codes (RFC 4120 §7.5.9), those that a network shows. */
export const ERRORS: Readonly<Record<number, string>> = {
  6: 'client-unknown',
  7: 'server-unknown',
  12: 'policy',
  14: 'encryption-type-not-supported',
  18: 'client-revoked',
  23: 'key-expired',
  24: 'pre-authentication-failed',
  25: 'pre-authentication-required',
  29: 'service-unavailable',
  31: 'integrity-check-failed',
  32: 'ticket-expired',
  34: 'repeat',
  37: 'clock-skew',
  41: 'message-modified',
  52: 'response-too-big',
  60: 'generic',
  68: 'wrong-realm',
};
