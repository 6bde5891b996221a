import { RE2JS } from 're2js';
import { type Fingerprint, type FingerprintDatabase, RECOG_LIMITS } from './database.ts';
import { foldCase, requiredTexts } from './required-text.ts';

/** What a text tells. */
export interface FingerprintMatch {
  readonly fingerprint: Fingerprint;
  /** `service.product` → `OpenSSH`, `service.cpe23` → `cpe:/a:openbsd:openssh:9.2p1` … */
  readonly values: ReadonlyMap<string, string>;
}

interface Prepared {
  readonly fingerprint: Fingerprint;
  readonly required: readonly string[];
  expression: RE2JS | undefined;
}

/**
 * Matches texts against the fingerprints of one database. Running time is linear in the length of the text whatever the
 * patterns are (RE2); a fingerprint whose fixed text is not there is not run, and patterns are compiled when first run.
 */
export class FingerprintMatcher {
  readonly database: FingerprintDatabase;
  readonly #prepared: readonly Prepared[];

  constructor(database: FingerprintDatabase) {
    this.database = database;
    this.#prepared = database.fingerprints.map((fingerprint) => ({
      fingerprint,
      required: requiredTexts(fingerprint.expression),
      expression: undefined,
    }));
  }

  /**
   * @param text what a service sent; bytes that are no text as one character each (Latin-1)
   * @returns what the first fingerprint in the order of the file tells that matches; undefined when none does
   */
  match(text: string): FingerprintMatch | undefined {
    for (const match of this.matches(text)) return match;
    return undefined;
  }

  /** @returns what each fingerprint tells that matches, in the order of the file */
  *matches(text: string): Iterable<FingerprintMatch> {
    const bounded = text.slice(0, RECOG_LIMITS.textLength);
    const folded = foldCase(bounded);
    for (const prepared of this.#prepared) {
      if (!holdsAll(folded, prepared.required)) continue;
      prepared.expression ??= RE2JS.compile(prepared.fingerprint.expression);
      const matcher = prepared.expression.matcher(bounded);
      if (!matcher.find()) continue;
      const { fingerprint } = prepared;
      yield { fingerprint, values: valuesOf(fingerprint, this.database.protocol, (group) => matcher.group(group)) };
    }
  }
}

function holdsAll(text: string, required: readonly string[]): boolean {
  for (const part of required) if (!text.includes(part)) return false;
  return true;
}

const NESTED_VALUES = 4;

function valuesOf(fingerprint: Fingerprint, protocol: string, group: (position: number) => string | null) {
  const byName = new Map(fingerprint.parameters.map((parameter) => [parameter.name, parameter]));
  const resolve = (name: string, depth: number): string | undefined => {
    const parameter = byName.get(name);
    if (parameter === undefined) return undefined;
    if (parameter.position > 0) return group(parameter.position) ?? undefined;
    return interpolate(name, parameter.value, depth);
  };
  const interpolate = (name: string, template: string, depth: number): string | undefined => {
    let isComplete = depth < NESTED_VALUES;
    const value = template.replace(/\{([^\s{}]+)\}/g, (_, of: string) => {
      const inner = isComplete ? resolve(of, depth + 1) : undefined;
      if (inner !== undefined) return inner;
      // A version that an optional group left out is written `-`; other gaps leave the value out (recog's Fingerprint#match).
      if (!name.endsWith('.cpe23') || !of.endsWith('.version')) isComplete = false;
      return '-';
    });
    return isComplete ? value : undefined;
  };
  const values = new Map<string, string>();
  for (const name of byName.keys()) {
    const value = name.startsWith('_tmp.') ? undefined : resolve(name, 0);
    if (value !== undefined) values.set(name, value);
  }
  if (protocol !== '' && !values.has('service.protocol')) values.set('service.protocol', protocol);
  return values;
}
