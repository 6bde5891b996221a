import { z } from 'zod';

/** What a stranger did in a decoy, step by step. No value of a patient is in it: of queries only what was asked by. */
export const SessionEventKind = z.enum([
  'client', // software that it says it is
  'log-on', // credentials tried
  'command', // typed into a shell
  'request', // asked of a service
  'query', // looked for patients, studies or rows
  'upload', // left something behind
  'download', // took something along
  'fetch', // told the decoy to fetch something from elsewhere; it never does
  'reach-out', // told the decoy to connect to somebody; it never does
  'token', // used something that was planted
  'malformed', // sent what is no message of the protocol
  'limit', // was cut off
]);
export type SessionEventKind = z.infer<typeof SessionEventKind>;

export const SessionEvent = z
  .object({
    atMs: z.int().nonnegative().meta({ description: 'Milliseconds since the session began' }),
    kind: SessionEventKind,
    text: z.string().max(2000).meta({ description: 'In words' }),
    data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  })
  .meta({ id: 'DecoySessionEvent' });
export type SessionEvent = z.infer<typeof SessionEvent>;
export type EventData = NonNullable<SessionEvent['data']>;

/** A piece of what a terminal showed or was typed, as asciicast version 2 has it. */
export const TerminalFrame = z.tuple([
  z.number().meta({ description: 'Seconds since the session began' }),
  z.enum(['o', 'i']).meta({ description: 'Output or input' }),
  z.string(),
]);
export type TerminalFrame = z.infer<typeof TerminalFrame>;
