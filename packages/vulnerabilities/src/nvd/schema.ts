import { z } from 'zod';

const metric = z.object({
  source: z.string(),
  cvssData: z.object({ version: z.string(), vectorString: z.string(), baseScore: z.number() }),
});
const cpeMatch = z.object({
  vulnerable: z.boolean(),
  criteria: z.string().regex(/^cpe:2\.3:/, 'is no CPE 2.3 formatted string'),
  versionStartIncluding: z.string().optional(),
  versionStartExcluding: z.string().optional(),
  versionEndIncluding: z.string().optional(),
  versionEndExcluding: z.string().optional(),
});

/** A page of the NVD API 2.0: the members that are read. */
export const NVD_PAGE = z.object({
  format: z.literal('NVD_CVE', 'is not NVD_CVE'),
  version: z.string().regex(/^2\./, 'is not 2.0'),
  vulnerabilities: z.array(
    z.object({
      cve: z.object({
        id: z.string().regex(/^CVE-\d{4}-\d{4,}$/, 'is no CVE identifier'),
        published: z.string(),
        lastModified: z.string(),
        vulnStatus: z.string().default(''),
        descriptions: z.array(z.object({ lang: z.string(), value: z.string() })),
        metrics: z
          .object({
            cvssMetricV40: z.array(metric),
            cvssMetricV31: z.array(metric),
            cvssMetricV30: z.array(metric),
            cvssMetricV2: z.array(metric),
          })
          .partial()
          .default({}),
        weaknesses: z.array(z.object({ description: z.array(z.object({ value: z.string() })) })).default([]),
        configurations: z
          .array(
            z.object({
              operator: z.enum(['AND', 'OR']).optional(),
              nodes: z.array(z.object({ negate: z.boolean().optional(), cpeMatch: z.array(cpeMatch) })),
            }),
          )
          .default([]),
        references: z.array(z.object({ url: z.string(), tags: z.array(z.string()).optional() })).default([]),
      }),
    }),
  ),
});

export type NvdPage = z.infer<typeof NVD_PAGE>;
export type NvdCve = NvdPage['vulnerabilities'][number]['cve'];
export type NvdConfiguration = NvdCve['configurations'][number];
export type NvdMatch = z.infer<typeof cpeMatch>;
