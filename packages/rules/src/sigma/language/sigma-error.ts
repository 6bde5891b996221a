/** A rule is not loaded; the message is the reason that the load report shows. */
export class SigmaError extends Error {}
