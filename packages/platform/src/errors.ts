/**
 * Every error that SPHINX raises on purpose. The code is stable and documented in `docs/errors.md`;
 * the message says what happened and what to do.
 */
export const ERRORS = {
  SPX_BLOB_NOT_FOUND: { status: 404, title: 'No such file in the evidence store' },
  SPX_NOT_FOUND: { status: 404, title: 'Not found' },
  SPX_INVALID_INPUT: { status: 400, title: 'The input does not fit' },
  SPX_UNAUTHENTICATED: { status: 401, title: 'Please sign in' },
  SPX_FORBIDDEN: { status: 403, title: 'Your role does not allow this' },
  SPX_CONFLICT: { status: 409, title: 'It conflicts with the present state' },
  SPX_TOO_LARGE: { status: 413, title: 'The input is too large' },
  SPX_TOO_MANY_REQUESTS: { status: 429, title: 'Too many attempts' },
  SPX_UNAVAILABLE: { status: 503, title: 'Not available at the moment' },
  SPX_SETTINGS_INVALID: { status: 400, title: 'The settings do not fit' },
  SPX_SECRET_UNREADABLE: { status: 500, title: 'A secret cannot be decrypted' },
  SPX_MIGRATION_FAILED: { status: 500, title: 'The database could not be brought up to date' },
  SPX_DATA_FOLDER_IN_USE: { status: 409, title: 'Another SPHINX uses this data folder' },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** An expected failure with a code of the catalogue. */
export class SphinxError extends Error {
  readonly code: ErrorCode;
  readonly detail: object | undefined;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown; detail?: object }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SphinxError';
    this.code = code;
    this.detail = options?.detail;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}
