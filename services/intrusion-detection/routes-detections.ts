import { defineRoute, pageSchema, type Route, SequencePageQuery } from '@sphinx/platform';
import { Detection, Severity } from '@sphinx/schema';
import { z } from 'zod';
import type { DetectionStore } from './store.ts';

const TAG = 'intrusion-detection';

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
      }),
      response: pageSchema(Detection),
      handler: async ({ query: { cursor, rule, severity, address, limit } }) =>
        store.detections({
          limit,
          ...(cursor === undefined ? {} : { before: cursor }),
          ...(rule === undefined ? {} : { rule }),
          ...(severity === undefined ? {} : { severity }),
          ...(address === undefined ? {} : { address }),
        }),
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
