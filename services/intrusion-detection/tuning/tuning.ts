import { Severity } from '@sphinx/schema';
import { z } from 'zod';

/** An address, or a network as `10.0.0.0/8`. */
export const AddressOrNetwork = z
  .union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])
  .meta({ description: 'Address or network: `10.1.2.3`, `10.1.0.0/16`, `fd00::/8`' });

/** Whom a tuning is about. With nothing named, everybody; else who fits any of what is named. */
export const TuningScope = z.object({
  addresses: z.array(AddressOrNetwork).max(1000).default([]),
  kinds: z.array(z.string()).max(200).default([]).meta({ description: 'Kinds of assets: `infusion-pump`' }),
  zones: z.array(z.string()).max(200).default([]).meta({ description: 'Zones of assets' }),
  end: z.enum(['either', 'source', 'destination']).default('either').meta({ description: 'Which end has to fit' }),
});
export type TuningScope = z.infer<typeof TuningScope>;

/** At most so many detections in so many seconds of packet time. */
export const TuningLimit = z.object({
  count: z.int().min(1).max(1_000_000),
  seconds: z.int().min(1).max(604_800),
  by: z.enum(['source', 'destination', 'pair', 'rule']).default('source').meta({ description: 'For each of these' }),
});

/** What becomes of a match of the rule in a part of the hospital. */
export const Adjustment = z.object({
  scope: TuningScope.prefault({}),
  action: z.enum(['tell', 'quiet']).meta({ description: '`quiet`: nothing is told' }),
  severity: Severity.nullable().default(null).meta({ description: 'Instead of what the rule says' }),
  limit: TuningLimit.nullable().default(null),
});
export type Adjustment = z.infer<typeof Adjustment>;

/** What was decided about one rule. */
export const RuleTuning = z
  .object({
    isEnabled: z.boolean().default(true),
    adjustments: z
      .array(Adjustment)
      .max(100)
      .default([])
      .meta({ description: 'The first whose scope fits a match holds; what fits none is told as the rule says' }),
    note: z.string().max(500).default(''),
  })
  .meta({ id: 'RuleTuning' });
export type RuleTuning = z.infer<typeof RuleTuning>;

export const UNTUNED: RuleTuning = { isEnabled: true, adjustments: [], note: '' };

/**
 * Lines of `threshold.config` for what the engine can leave out itself: it costs nothing there, and a flood of it never
 * takes the place of others. Only those before any adjustment that has to be judged outside, because the first one holds.
 *
 * @param rule group and number: `1:2019401`
 */
export function suppressionsOf(rule: string, { adjustments }: RuleTuning): readonly string[] {
  const [gid = '', sid = ''] = rule.split(':');
  const lines: string[] = [];
  for (const { scope, action } of adjustments) {
    if (action !== 'quiet' || scope.kinds.length > 0 || scope.zones.length > 0) break;
    const track = { either: 'by_either', source: 'by_src', destination: 'by_dst' }[scope.end];
    const whom = scope.addresses.length === 0 ? '' : `, track ${track}, ip [${scope.addresses.join(',')}]`;
    lines.push(`suppress gen_id ${gid}, sig_id ${sid}${whom}`);
  }
  return lines;
}
