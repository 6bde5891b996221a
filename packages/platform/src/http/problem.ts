import { z } from 'zod';
import { ERRORS, type ErrorCode, SphinxError } from '../errors.ts';

/** Answer of the API when it refuses (RFC 9457), with the stable code of the error catalogue. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    instance: z.string().optional(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Which parts of the input do not fit' }),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

/** What went wrong inside is for the log, not for the caller. */
const INTERNAL: Problem = {
  type: 'about:blank',
  title: 'Something went wrong inside SPHINX',
  status: 500,
  detail: 'SPHINX could not do this. The log says why; nothing was changed.',
  code: 'SPX_INTERNAL',
};

/**
 * @param instance path of the request
 * @returns the problem to answer with
 */
export function problemOf(error: unknown, instance: string): Problem {
  if (!(error instanceof SphinxError)) return { ...INTERNAL, instance };
  const { status, title } = ERRORS[error.code];
  return { type: documentationOf(error.code), title, status, detail: error.message, code: error.code, instance };
}

/** @param where part of the request, for example `query` */
export function validationProblem(error: z.ZodError, where: string, instance: string): Problem {
  const errors = error.issues.map((issue) => ({
    path: [where, ...issue.path.map(String)].join('.'),
    message: issue.message,
  }));
  const detail = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
  const { status, title } = ERRORS.SPX_INVALID_INPUT;
  return {
    type: documentationOf('SPX_INVALID_INPUT'),
    title,
    status,
    detail,
    code: 'SPX_INVALID_INPUT',
    instance,
    errors,
  };
}

export function problemResponse(problem: Problem, headers: Record<string, string> = {}): Response {
  return Response.json(problem, {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });
}

/** A name and not an address (RFC 9457 §3.1.1 allows both): there may be no internet. docs/errors.md explains each. */
function documentationOf(code: ErrorCode): string {
  return `urn:sphinx:error:${code}`;
}
