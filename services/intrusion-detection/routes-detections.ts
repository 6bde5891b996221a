import { defineRoute, pageSchema, type Route, SequencePageQuery, SphinxError } from '@sphinx/platform';
import { Detection, Severity } from '@sphinx/schema';
import { z } from 'zod';
import type { ConversationEnd, DetectionStore } from './detections/detection-store.ts';

const TAG = 'intrusion-detection';
const END_PAIR = /^([0-9a-fA-F.:]+)\/(\d{1,5}),([0-9a-fA-F.:]+)\/(\d{1,5})$/;

/** What was detected. */
export function detectionRoutes(store: DetectionStore): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/detections',
      operationId: 'listDetections',
      summary: 'What rules have found in the traffic, newest first',
      tag: TAG,
      permission: 'detections:read',
      query: SequencePageQuery.extend({
        rule: z.string().optional().meta({ description: 'Group and number of a rule: `1:2019401`' }),
        severity: Severity.optional(),
        address: z.string().optional().meta({ description: 'Address at either end' }),
        between: z
          .string()
          .regex(END_PAIR, 'Give both ends as address/port,address/port.')
          .optional()
          .meta({ description: 'Both ends of a conversation: `10.0.0.1/4000,10.0.0.2/104`' }),
        source: z.string().optional().meta({ description: 'Where it was seen' }),
        from: z.coerce.number().optional().meta({ description: 'Milliseconds since the Unix epoch' }),
        until: z.coerce.number().optional().meta({ description: 'Inclusive' }),
      }),
      response: pageSchema(Detection),
      handler: async ({ query: { cursor, between, limit, ...rest } }) => {
        const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
        return store.detections({
          ...given,
          limit,
          ...(cursor === undefined ? {} : { before: cursor }),
          ...(between === undefined ? {} : { between: readEnds(between) }),
        });
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/detections/{id}',
      operationId: 'getDetection',
      summary: 'One detection',
      tag: TAG,
      permission: 'detections:read',
      params: z.object({ id: z.string().max(100) }),
      response: Detection,
      handler: async ({ params }) => {
        const detection = await store.get(params.id);
        if (detection === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no detection ${params.id}.`);
        return detection;
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/detections/summary',
      operationId: 'summariseDetections',
      summary: 'How many detections there are of each severity',
      tag: TAG,
      permission: 'detections:read',
      response: z.object(Object.fromEntries(Severity.options.map((severity) => [severity, z.int()]))),
      handler: async () => {
        const counts = await store.countBySeverity();
        return Object.fromEntries(Severity.options.map((severity) => [severity, counts[severity] ?? 0]));
      },
    }),
  ];
}

function readEnds(text: string): readonly [ConversationEnd, ConversationEnd] {
  const [, ip = '', port, otherIp = '', otherPort] = END_PAIR.exec(text) ?? [];
  return [
    { ip, port: Number(port) },
    { ip: otherIp, port: Number(otherPort) },
  ];
}
