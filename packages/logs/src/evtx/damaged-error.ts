/** A record or chunk does not hold what its format promises; the message says what. Never leaves the reader. */
export class DamagedError extends Error {}
