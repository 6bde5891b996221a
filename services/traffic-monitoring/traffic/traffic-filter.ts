import type { TelemetryFilter } from '@sphinx/platform';
import { z } from 'zod';

export const TimeRange = z.object({
  from: z.coerce.number().int().nonnegative().optional().meta({ description: 'Milliseconds since the Unix epoch' }),
  until: z.coerce.number().int().nonnegative().optional().meta({ description: 'Exclusive' }),
});

/** What narrows questions about traffic. */
export const TrafficFilter = TimeRange.extend({
  address: z.string().max(100).optional().meta({ description: 'Either end has this address' }),
  protocol: z.string().max(100).optional().meta({ description: 'Application protocol, found by content' }),
  source: z.string().max(100).optional(),
});
export type TrafficFilter = z.infer<typeof TrafficFilter>;

/** What narrows questions about flows alone. */
export const FlowFilter = TrafficFilter.extend({
  transport: z.string().max(20).optional(),
  isEncrypted: z.stringbool().optional(),
  state: z.string().max(20).optional().meta({ description: '`one-way` for what nobody answered' }),
});
export type FlowFilter = z.infer<typeof FlowFilter>;

/** The filter as the event store understands it, for either of its tables. */
export function recordFilter(query: TrafficFilter): TelemetryFilter<'protocol_activity'> {
  return {
    ...rangeOf(query),
    ...(query.address === undefined ? {} : { address: query.address }),
    equals: {
      ...(query.protocol === undefined ? {} : { app_name: query.protocol }),
      ...(query.source === undefined ? {} : { source_id: query.source }),
    },
  };
}

export function flowFilter(query: FlowFilter): TelemetryFilter<'network_activity'> {
  const { equals, ...rest } = recordFilter(query);
  return {
    ...rest,
    equals: {
      ...equals,
      ...(query.transport === undefined ? {} : { transport: query.transport }),
      ...(query.isEncrypted === undefined ? {} : { is_encrypted: query.isEncrypted }),
      ...(query.state === undefined ? {} : { state: query.state }),
    },
  };
}

export function rangeOf({ from, until }: z.infer<typeof TimeRange>): { from?: number; until?: number } {
  return { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
}
