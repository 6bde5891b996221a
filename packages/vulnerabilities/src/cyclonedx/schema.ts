import { z } from 'zod';

const organization = z.object({ name: z.string().optional() });
const licence = z.object({
  expression: z.string().optional(),
  license: z.object({ id: z.string().optional(), name: z.string().optional() }).optional(),
});

export interface CycloneDxComponent {
  readonly type: string;
  readonly name: string;
  readonly 'bom-ref'?: string | undefined;
  readonly group?: string | undefined;
  readonly version?: string | undefined;
  readonly publisher?: string | undefined;
  readonly supplier?: { readonly name?: string | undefined } | undefined;
  readonly manufacturer?: { readonly name?: string | undefined } | undefined;
  readonly cpe?: string | undefined;
  readonly purl?: string | undefined;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[] | undefined;
  readonly licenses?: readonly z.infer<typeof licence>[] | undefined;
  readonly components?: readonly CycloneDxComponent[] | undefined;
}

const component: z.ZodType<CycloneDxComponent> = z.object({
  type: z.string().min(1),
  name: z.string(),
  'bom-ref': z.string().min(1).optional(),
  group: z.string().optional(),
  version: z.string().optional(),
  publisher: z.string().optional(),
  supplier: organization.optional(),
  manufacturer: organization.optional(),
  cpe: z.string().optional(),
  purl: z.string().optional(),
  hashes: z.array(z.object({ alg: z.string(), content: z.string() })).optional(),
  licenses: z.array(licence).optional(),
  get components() {
    return z.array(component).optional();
  },
});

const source = z.object({ name: z.string().optional(), url: z.string().optional() });
const vulnerability = z.object({
  id: z.string().optional(),
  source: source.optional(),
  references: z.array(z.object({ id: z.string(), source: source.optional() })).optional(),
  ratings: z
    .array(
      z.object({
        source: source.optional(),
        score: z.number().optional(),
        method: z.string().optional(),
        vector: z.string().optional(),
      }),
    )
    .optional(),
  cwes: z.array(z.number().int().positive()).optional(),
  description: z.string().optional(),
  detail: z.string().optional(),
  recommendation: z.string().optional(),
  workaround: z.string().optional(),
  advisories: z.array(z.object({ title: z.string().optional(), url: z.string() })).optional(),
  published: z.string().optional(),
  updated: z.string().optional(),
  rejected: z.string().optional(),
  analysis: z
    .object({
      state: z
        .enum(['resolved', 'resolved_with_pedigree', 'exploitable', 'in_triage', 'false_positive', 'not_affected'])
        .optional(),
      justification: z.string().optional(),
      detail: z.string().optional(),
    })
    .optional(),
  affects: z
    .array(
      z.object({
        ref: z.string(),
        versions: z
          .array(
            z.object({
              version: z.string().optional(),
              range: z.string().optional(),
              status: z.enum(['affected', 'unaffected', 'unknown']).default('affected'),
            }),
          )
          .optional(),
      }),
    )
    .optional(),
});

/** A document of CycloneDX 1.4–1.7 in JSON: the members that are read. */
export const CYCLONEDX = z.object({
  bomFormat: z.literal('CycloneDX', 'is not CycloneDX'),
  specVersion: z.string().regex(/^1\.[4-7]$/, 'is none of the versions 1.4 to 1.7'),
  serialNumber: z.string().optional(),
  metadata: z
    .object({
      timestamp: z.string().optional(),
      component: component.optional(),
      supplier: organization.optional(),
      manufacturer: organization.optional(),
    })
    .optional(),
  components: z.array(component).optional(),
  dependencies: z
    .array(
      z.object({
        ref: z.string(),
        dependsOn: z.array(z.string()).optional(),
        provides: z.array(z.string()).optional(),
      }),
    )
    .optional(),
  vulnerabilities: z.array(vulnerability).optional(),
});

export type CycloneDx = z.infer<typeof CYCLONEDX>;
export type CycloneDxVulnerability = NonNullable<CycloneDx['vulnerabilities']>[number];
