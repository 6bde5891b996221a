import { CertificateStatus, CheckOutcome, Severity, Verdict } from '@sphinx/schema';
import { z } from 'zod';
import { resultsByImportance, wasJudged } from '../report/words.ts';
import { shownValues } from './shown-evidence.ts';
import type { StoredDevice, StoredReport } from './vendor-store.ts';

/** A device as its maker sees it: what tells it from others of the maker, and how it was judged. */
export const VendorDevice = z
  .object({
    id: z.string().meta({ description: 'Made for makers; says nothing of the device and opens nothing else' }),
    maker: z.string(),
    model: z.string().meta({ description: 'Empty where it is not known' }),
    serial: z.string(),
    software: z.string(),
    isSample: z.boolean(),
    verdict: Verdict,
    verifiedAt: z.int(),
    failed: z.int().meta({ description: 'Checks of the device alone that failed' }),
    certificate: z
      .object({
        id: z.string(),
        status: CertificateStatus,
        issuedAt: z.int(),
        expiresAt: z.int(),
        publicLink: z.string().nullable().meta({ description: 'Says to anybody whether it holds' }),
      })
      .nullable(),
  })
  .meta({ id: 'VendorDevice' });
export type VendorDevice = z.infer<typeof VendorDevice>;

/** The report on one device for its maker: what was judged and how, and nothing of where the device is or who it talks to. */
export const VendorReport = z
  .object({
    device: VendorDevice,
    policy: z.string(),
    results: z.array(
      z.object({
        checkId: z.string(),
        title: z.string(),
        outcome: CheckOutcome,
        severity: Severity,
        remedy: z.string(),
        references: z.array(z.object({ title: z.string(), url: z.string().optional() })),
        seen: z
          .array(z.object({ attribute: z.string(), value: z.string() }))
          .meta({ description: 'Values of the device itself' }),
      }),
    ),
  })
  .meta({ id: 'VendorReport' });
export type VendorReport = z.infer<typeof VendorReport>;

/** What is known of a device when its maker asks. */
export interface JudgedDevice extends Omit<StoredDevice, 'assetId'> {
  /** Made for makers. */
  readonly id: string;
  readonly publicLink: string | undefined;
}

/** @returns the device in the words of its maker: built from what is named here, never by leaving something out */
export function vendorDeviceOf(device: JudgedDevice): VendorDevice {
  const { id, facts, isSample, verdict, verifiedAt, failed, certificate, publicLink } = device;
  return {
    id,
    maker: facts.manufacturer?.value ?? '',
    model: facts.model?.value ?? '',
    serial: facts.serial?.value ?? '',
    software: facts.software?.value ?? '',
    isSample,
    verdict,
    verifiedAt,
    failed,
    certificate:
      certificate === null
        ? null
        : {
            id: certificate.id,
            status: certificate.status,
            issuedAt: certificate.issuedAt,
            expiresAt: certificate.expiresAt,
            publicLink: publicLink ?? null,
          },
  };
}

/**
 * @param shown ids of checks that makers are shown
 * @returns every check of the device alone that could be judged, failures first
 */
export function vendorReportOf(
  device: JudgedDevice,
  { asset, policy, results }: StoredReport,
  shown: ReadonlySet<string>,
): VendorReport {
  const judged = results.filter((result) => shown.has(result.checkId) && wasJudged(result));
  return {
    device: vendorDeviceOf(device),
    policy,
    results: resultsByImportance(judged).map((result) => ({
      checkId: result.checkId,
      title: result.title,
      outcome: result.outcome,
      severity: result.severity,
      remedy: result.remedy,
      references: result.references,
      seen: [...shownValues(result, asset)],
    })),
  };
}
