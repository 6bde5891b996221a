import { z } from 'zod';
import { IpAddress, MacAddress } from './evidence.ts';
import { Identifier } from './identifier.ts';

/**
 * Which device a report is about, as the report or the person who brings it names it. A report that comes by asset id
 * holds whatever its addresses are today; otherwise the inventory finds the asset by what is known here.
 */
export const ReportedDevice = z
  .object({
    kind: z.literal('device'),
    assetId: Identifier.optional(),
    ips: z.array(IpAddress).max(64),
    macs: z.array(MacAddress).max(64),
    hostnames: z.array(z.string().min(1).max(253)).max(16),
    serial: z.string().min(1).max(128).optional(),
  })
  .meta({ id: 'ReportedDevice' });
export type ReportedDevice = z.infer<typeof ReportedDevice>;

/** A model of devices: what a report says of it holds for every device of that model and version. */
export const ReportedModel = z
  .object({
    kind: z.literal('model'),
    manufacturer: z.string().min(1).max(256),
    model: z.string().min(1).max(256),
    version: z.string().max(128).meta({ description: 'Of the device software; empty: every version' }),
  })
  .meta({ id: 'ReportedModel' });
export type ReportedModel = z.infer<typeof ReportedModel>;

/** What a report is about. */
export const ReportSubject = z.union([ReportedDevice, ReportedModel]).meta({ id: 'ReportSubject' });
export type ReportSubject = z.infer<typeof ReportSubject>;
