import { AvailabilityState, OutageCause, Timestamp } from '@sphinx/schema';
import { z } from 'zod';
import { MonitoredService, WatchedCheck } from './watch/monitored-service.ts';

const Availability = z.object({
  measuredMs: z.number(),
  downMs: z.number(),
  degradedMs: z.number(),
  plannedMs: z.number().meta({ description: 'Within maintenance windows, which are left out' }),
  outages: z.int(),
  percent: z.number().nullable(),
});

const ErrorBudget = z
  .object({
    availability: Availability,
    allowedMs: z.number(),
    leftMs: z.number(),
    leftPercent: z.number(),
    isMet: z.boolean(),
    burning: z.array(
      z.object({
        hours: z.int(),
        rate: z.number().meta({ description: 'Times faster than allowed' }),
        isFast: z.boolean(),
      }),
    ),
    fastPercent: z.number().nullable(),
    isFastEnough: z.boolean().nullable(),
  })
  .meta({ id: 'ServiceErrorBudget' });

const CheckView = WatchedCheck.extend({
  title: z.string(),
  state: AvailabilityState,
  since: Timestamp,
  isFlapping: z.boolean(),
  message: z.string(),
  lastAt: Timestamp.nullable(),
  latencyMs: z.number().nullable(),
  notSent: z.string().meta({ description: 'Why it is not sent; empty where it is' }),
}).meta({ id: 'AvailabilityCheck' });

export const ServiceView = MonitoredService.extend({
  state: AvailabilityState,
  since: Timestamp.nullable(),
  reason: z.string(),
  cause: OutageCause.nullable(),
  causeReasons: z.array(z.string()),
  isInMaintenance: z.boolean(),
  latencyMs: z.number().nullable().meta({ description: 'Of the slowest essential check, at last' }),
  traffic: z
    .object({
      requests: z.int(),
      failures: z.int(),
      connections: z.int(),
      refused: z.int(),
      messages: z.int(),
      acknowledgements: z.int(),
      repeating: z.int().meta({ description: 'Connections on which segments came again' }),
      segments: z.int().meta({ description: 'Segments of those connections' }),
      repeated: z.int().meta({ description: 'Segments of theirs that came again' }),
      lastHeard: Timestamp.nullable(),
      isSilent: z.boolean(),
    })
    .nullable()
    .meta({ description: 'What was seen in ten minutes; null where its traffic is not watched' }),
  budget: ErrorBudget.nullable(),
  checks: z.array(CheckView),
}).meta({ id: 'MonitoredService' });
export type ServiceView = z.infer<typeof ServiceView>;

export const ResultView = z
  .object({
    checkId: z.string(),
    time: Timestamp,
    outcome: z.enum(['good', 'warning', 'failed']),
    latencyMs: z.number().nullable(),
    message: z.string(),
    figures: z.record(z.string(), z.union([z.number(), z.string()])),
  })
  .meta({ id: 'AvailabilityResult' });

export const HourView = z
  .object({
    checkId: z.string(),
    hour: Timestamp,
    good: z.int(),
    warnings: z.int(),
    failures: z.int(),
    answered: z.int(),
    fast: z.int(),
    meanMs: z.number().nullable(),
    maximumMs: z.number().nullable(),
  })
  .meta({ id: 'AvailabilityHour' });

export const ProposalView = z
  .object({
    id: z.string(),
    name: z.string(),
    host: z.string(),
    assetId: z.string(),
    care: z.string(),
    clients: z.int().meta({ description: 'Others that were seen to use it' }),
    needsAgreement: z.boolean(),
    refusal: z.string().meta({ description: 'Why none of its checks may be sent; empty where they may' }),
    checks: z.array(
      z.object({
        kind: z.string(),
        port: z.int(),
        parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
        isEssential: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'ServiceProposal' });
export type ProposalView = z.infer<typeof ProposalView>;

export const BackupReportView = z
  .object({ time: Timestamp, succeeded: z.boolean(), bytes: z.number().nullable(), note: z.string() })
  .meta({ id: 'BackupReport' });
