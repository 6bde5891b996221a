import { z } from 'zod';
import { toMilliseconds } from '../reading/instant.ts';
import { readAs } from '../reading/read-as.ts';
import { type Reading, read } from '../reading/reading.ts';

/** Until when releases of a product are supported. */
export interface ProductLifecycle {
  /** `windows-server` */
  readonly product: string;
  readonly title: string;
  readonly category: string;
  /** Other names of it: aliases, CPEs, package URLs. */
  readonly names: readonly string[];
  readonly releases: readonly ReleaseLifecycle[];
}

export interface ReleaseLifecycle {
  /** What its versions begin with: `2012-r2`, `3.0` */
  readonly name: string;
  readonly title: string;
  readonly releasedMs: number | undefined;
  /** From then on there is no support without a contract; undefined where no date is told. */
  readonly endOfLifeMs: number | undefined;
  readonly isEndOfLife: boolean;
  /** From then on there is none with a contract either. */
  readonly endOfExtendedMs: number | undefined;
  readonly latestVersion: string;
}

const date = z.string().nullish();
const PRODUCTS = z.object({
  schema_version: z.string(),
  result: z.array(
    z.object({
      name: z.string().min(1),
      label: z.string().default(''),
      category: z.string().default(''),
      aliases: z.array(z.string()).default([]),
      identifiers: z.array(z.object({ id: z.string(), type: z.string() })).default([]),
      releases: z.array(
        z.object({
          name: z.string().min(1),
          label: z.string().default(''),
          releaseDate: date,
          isEol: z.boolean(),
          eolFrom: date,
          eoesFrom: date,
          latest: z.object({ name: z.string().nullish() }).nullish(),
        }),
      ),
    }),
  ),
});

/**
 * Reads what endoflife.date tells of all products (API 1, `/api/v1/products/full`).
 *
 * @returns products with their releases, or what is wrong and where; never throws
 */
export function readEndOfLife(content: Uint8Array | string): Reading<readonly ProductLifecycle[]> {
  const reading = readAs<z.infer<typeof PRODUCTS>>(PRODUCTS, content);
  if (!reading.isRead) return reading;
  return read(
    reading.value.result.map(({ name, label, category, aliases, identifiers, releases }) => ({
      product: name,
      title: label,
      category,
      names: [...aliases, ...identifiers.map(({ id }) => id)],
      releases: releases.map((release) => ({
        name: release.name,
        title: release.label,
        releasedMs: toMilliseconds(release.releaseDate ?? undefined),
        endOfLifeMs: toMilliseconds(release.eolFrom ?? undefined),
        isEndOfLife: release.isEol,
        endOfExtendedMs: toMilliseconds(release.eoesFrom ?? undefined),
        latestVersion: release.latest?.name ?? '',
      })),
    })),
  );
}
