import { createHash } from 'node:crypto';
import { canonicalJson } from '@sphinx/platform/signing';
import type { ListedSoftwareItem, SecurityFormAnswer, Severity } from '@sphinx/schema';

/** What somebody says of a device: the manufacturer in a disclosure statement, or a person of the hospital. */
export interface Statement {
  /** `AUTH-1.2` of MDS2, or the id of a declaration. */
  readonly question: string;
  readonly answer: SecurityFormAnswer['answer'];
  readonly note: string;
  /** Who says it, in words: `MDS2 2019 of Example Medical`. */
  readonly by: string;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
}

/** One item of a software list, with where it stands. */
export interface Component extends ListedSoftwareItem {
  /** `sbom of pump.cdx.json` */
  readonly list: string;
  readonly time: number;
}

/** A weakness that the assessment found in the device and that is open. */
export interface KnownWeakness {
  /** `CVE-2023-12345` */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly isKnownExploited: boolean;
  readonly hasRemedy: boolean;
  /** Software that has it, in words. */
  readonly software: string;
  readonly time: number;
}

/** All that is known of a device besides its traffic. */
export interface Documents {
  readonly statements: readonly Statement[];
  readonly components: readonly Component[];
  readonly weaknesses: readonly KnownWeakness[];
  /** When its software was last compared with what is known; undefined where it never was. Milliseconds since the epoch. */
  readonly assessedAt: number | undefined;
  readonly hasSecurityForm: boolean;
}

export const NO_DOCUMENTS: Documents = {
  statements: [],
  components: [],
  weaknesses: [],
  assessedAt: undefined,
  hasSecurityForm: false,
};

/**
 * Digest of what a verdict can depend on in documents; the times at which they came are left out.
 *
 * @returns SHA-256, hexadecimal; undefined where there is none
 */
export function documentsDigest(documents: Documents): string | undefined {
  const { statements, components, weaknesses, assessedAt } = documents;
  if (statements.length + components.length + weaknesses.length === 0 && assessedAt === undefined) return undefined;
  const told = {
    statements: statements.map(({ question, answer, note }) => `${question} ${answer} ${note}`).sort(),
    components: [
      ...new Set(
        components.map(({ vendor, name, version, purl, cpe }) =>
          JSON.stringify([vendor, name, version, purl ?? null, cpe ?? null]),
        ),
      ),
    ].sort(),
    weaknesses: weaknesses
      .map(({ id, severity, isKnownExploited, hasRemedy, software }) =>
        JSON.stringify([id, severity, isKnownExploited, hasRemedy, software]),
      )
      .sort(),
    isAssessed: assessedAt !== undefined,
  };
  return createHash('sha256').update(canonicalJson(told)).digest('hex');
}

/**
 * Whether an item is a package of a distribution, which mends weaknesses without taking the next version of the maker: its
 * version alone does not tell what it has.
 */
export function isOfDistribution({ purl, version }: Pick<Component, 'purl' | 'version'>): boolean {
  const isNamed = /^pkg:(deb|rpm|apk|alpm)\//.test(purl ?? '');
  return isNamed || /(^\d+:|[+~-]deb\d|ubuntu|\.el\d|\.fc\d|\.amzn)/.test(version);
}
