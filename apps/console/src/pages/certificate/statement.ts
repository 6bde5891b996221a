import type { CertificateRecord, CheckOutcome } from '@sphinx/schema';

/** What a certificate says of its asset, as far as the page shows it. */
export interface CertificateClaims {
  readonly macs: readonly string[];
  readonly ips: readonly string[];
  readonly kind: string | undefined;
  readonly reasons: readonly string[];
  readonly conditions: readonly string[];
  readonly policy: string;
  readonly evidenceDigest: string;
  readonly checks: Readonly<Record<CheckOutcome, number>>;
  /** The whole statement, for whoever wants to read what was signed. */
  readonly text: string;
}

/**
 * Opens the payload of the envelope (base64 of in-toto JSON) for reading. The signature is the server's to check.
 *
 * @returns undefined for a payload that is no such statement
 */
export function readClaims({ envelope }: Pick<CertificateRecord, 'envelope'>): CertificateClaims | undefined {
  try {
    const bytes = Uint8Array.from(atob(envelope.payload), (character) => character.charCodeAt(0));
    const statement: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const predicate = member(statement, 'predicate');
    const asset = member(predicate, 'asset');
    const policy = member(predicate, 'policy');
    if (predicate === undefined || asset === undefined) return undefined;
    const kind = member(asset, 'kind');
    return {
      macs: texts(member(asset, 'macs')),
      ips: texts(member(asset, 'ips')),
      kind: typeof kind === 'string' ? kind : undefined,
      reasons: texts(member(predicate, 'reasons')),
      conditions: texts(member(predicate, 'conditions')),
      policy: `${String(member(policy, 'title') ?? 'unknown')}, version ${String(member(policy, 'version') ?? 'unknown')}`,
      evidenceDigest: String(member(member(predicate, 'evidenceDigest'), 'sha256') ?? ''),
      checks: countChecks(member(predicate, 'checks')),
      text: JSON.stringify(statement, null, 2),
    };
  } catch {
    return undefined;
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function countChecks(value: unknown): Record<CheckOutcome, number> {
  const counts: Record<CheckOutcome, number> = { pass: 0, fail: 0, 'not-applicable': 0, 'not-observed': 0 };
  for (const check of Array.isArray(value) ? value : []) {
    const outcome = member(check, 'outcome');
    if (typeof outcome === 'string' && outcome in counts) counts[outcome as CheckOutcome] += 1;
  }
  return counts;
}
