import { z } from 'zod';

/** Pages of a web site that a decoy shows: a file of knowledge/decoys/sites. `{host}` and `{domain}` become its names. */
export const Site = z.object({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string(),
  /** Header lines of every answer, for example `Server`. */
  headers: z.record(z.string(), z.string()),
  pages: z
    .array(
      z.object({
        path: z.string().startsWith('/'),
        status: z.int().min(200).max(599).default(200),
        type: z.string().default('text/html; charset=utf-8'),
        headers: z.record(z.string(), z.string()).default({}),
        /** Whoever has not logged on is sent to the form, or asked for credentials. */
        isProtected: z.boolean().default(false),
        body: z.string().default(''),
      }),
    )
    .min(1),
  notFound: z.string(),
  logOn: z
    .discriminatedUnion('method', [
      z.object({
        method: z.literal('form'),
        path: z.string().startsWith('/'),
        userField: z.string(),
        secretField: z.string(),
        /** Where it goes after success, and what it says after failure. */
        home: z.string().startsWith('/'),
        failure: z.string(),
        failureStatus: z.int().default(200),
        cookie: z.string(),
      }),
      z.object({ method: z.literal('basic'), realm: z.string() }),
    ])
    .optional(),
  source: z.object({ title: z.string(), url: z.url() }),
});
export type Site = z.infer<typeof Site>;
