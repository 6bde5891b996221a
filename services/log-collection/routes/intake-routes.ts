import type { LogRecord } from '@sphinx/logs';
import { type Clock, defineRoute, type Route, SphinxError } from '@sphinx/platform';
import { z } from 'zod';
import type { IntakeQueue } from '../intake/intake-queue.ts';
import { forwardedLinesOf, linesOf, otlpRecordsOf, readBody } from '../intake/read-body.ts';

const TAG = 'logs';
const PERMISSION = 'logs:intake';
const RETRY_SECONDS = 5;

const IntakeQuery = z.object({
  source: z
    .string()
    .regex(/^[\w.:@/-]{1,100}$/)
    .optional()
    .meta({ description: 'Name of what sends; the name of the token when absent' }),
  format: z.string().max(100).optional().meta({ description: 'Id of a format; told by content when absent' }),
  forwarded: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: 'Each line is JSON of "sphinx forward": source, sender and raw' }),
});
const Accepted = z.object({ accepted: z.int() });

/**
 * Logs over HTTP, from whoever holds a token for it.
 *
 * @param parts.stored resolves when what was taken is on the disk
 */
export function intakeRoutes(parts: {
  queue: IntakeQueue;
  stored: () => Promise<void>;
  clock: Clock;
}): readonly Route[] {
  const { queue, stored, clock } = parts;
  const audit = { action: 'logs.take', subject: () => 'logs', isForRefusalsOnly: true } as const;
  /** What is answered is in the store: a crash behind the answer loses none of it. */
  const store = async (records: readonly LogRecord[]): Promise<number> => {
    if ((await queue.take(records)) < records.length) {
      throw new SphinxError('SPX_UNAVAILABLE', 'There is no room now. Send it again in a few seconds.', {
        detail: { retryAfterSeconds: RETRY_SECONDS },
      });
    }
    await stored();
    return records.length;
  };
  return [
    defineRoute({
      method: 'POST',
      path: '/logs/intake',
      operationId: 'takeLogs',
      summary: 'Takes lines of logs: JSON lines, a JSON list, or any lines; answered when they are stored',
      tag: TAG,
      permission: PERMISSION,
      query: IntakeQuery,
      bodyKind: 'raw',
      response: Accepted,
      audit,
      handler: async ({ request, principal, query }) => {
        const origin = {
          arrivedMs: clock.now(),
          source: `http/${query.source ?? principal.name}`,
          senderIp: '',
          ...(query.format === undefined ? {} : { format: query.format }),
        };
        const text = (await readBody(request)).toString('utf8');
        const records = query.forwarded === 'true' ? forwardedLinesOf(text, origin) : linesOf(text, origin);
        return { accepted: await store(records) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/logs/otlp/v1/logs',
      operationId: 'takeOpenTelemetryLogs',
      summary: 'Takes logs of OpenTelemetry (OTLP/HTTP with JSON); an exporter is given the address up to /otlp',
      tag: TAG,
      permission: PERMISSION,
      bodyKind: 'raw',
      response: z.object({ partialSuccess: z.object({}) }),
      audit,
      handler: async ({ request, principal }) => {
        const origin = { arrivedMs: clock.now(), source: `otlp/${principal.name}`, senderIp: '' };
        await store(otlpRecordsOf((await readBody(request)).toString('utf8'), origin));
        return { partialSuccess: {} };
      },
    }),
  ];
}
