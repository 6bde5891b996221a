import type { YaraSource } from '@sphinx/rules/yara';
import { z } from 'zod';

/** What a YARA rule says of itself, for whoever reads that it matched. */
export const RuleMeaning = z
  .object({
    rule: z.string(),
    /** File that the rule is from, without ending. */
    file: z.string(),
    title: z.string(),
    severity: z.enum(['critical', 'high', 'medium', 'low', 'informational']),
    /** Why a file that matches is worth a look; empty where the rule does not say. */
    rationale: z.string(),
    references: z.array(z.string()),
    techniques: z.array(z.string()),
  })
  .meta({ id: 'YaraRuleMeaning' });
export type RuleMeaning = z.infer<typeof RuleMeaning>;

const SEVERITIES = RuleMeaning.shape.severity;
const MAXIMUM_TEXT = 300;
/** Comments, texts in quotes, and words: what of a rule file is needed to find the heads of its rules and their metadata. */
const TOKENS = /\/\/[^\n]*|(?<!\\)\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|-?\w+|[:{}=]/g;
const TECHNIQUE = /^T\d{4}(\.\d{3})?$/;

/**
 * Reads the metadata of rules from their text, since YARA-X tells that of matches only.
 *
 * @param sources rule files that can be compiled
 * @returns one for each rule that may be told of, by name; the first of a name stays
 */
export function readRuleMeanings(sources: readonly YaraSource[]): ReadonlyMap<string, RuleMeaning> {
  const meanings = new Map<string, RuleMeaning>();
  for (const { name: file, text } of sources) {
    for (const meaning of meaningsOf(file, tokensOf(text)))
      if (!meanings.has(meaning.rule)) meanings.set(meaning.rule, meaning);
  }
  return meanings;
}

function tokensOf(text: string): readonly string[] {
  return (text.match(TOKENS) ?? []).filter((token) => !token.startsWith('//') && !token.startsWith('/*'));
}

function* meaningsOf(file: string, tokens: readonly string[]): Generator<RuleMeaning> {
  for (let at = 0; at < tokens.length; at++) {
    const rule = tokens[at + 1];
    if (tokens[at] !== 'rule' || rule === undefined || !/^[A-Za-z_]/.test(rule)) continue;
    const head = tokens.indexOf('{', at);
    // A word `rule` in a condition has no body that begins behind it and its tags.
    const isHead = tokens[at + 2] === '{' || tokens[at + 2] === ':';
    if (!isHead || head < 0 || tokens[at - 1] === 'private') continue;
    const tags = tokens.slice(at + 3, Math.max(at + 3, head));
    yield meaningOf(file, rule, tags, metadataOf(tokens, head + 1));
  }
}

/** `meta:` is the first section of a rule; it ends with what is no `name = value`. Only texts are of interest. */
function metadataOf(tokens: readonly string[], start: number): readonly (readonly [name: string, value: string])[] {
  if (tokens[start] !== 'meta' || tokens[start + 1] !== ':') return [];
  const metadata: (readonly [string, string])[] = [];
  for (let at = start + 2; tokens[at + 1] === '='; at += 3) {
    const [name = '', , value = ''] = tokens.slice(at, at + 3);
    if (value.startsWith('"')) metadata.push([name, unquote(value)]);
  }
  return metadata;
}

function unquote(text: string): string {
  return text
    .slice(1, -1)
    .replaceAll(/\\(["\\])/g, '$1')
    .slice(0, MAXIMUM_TEXT);
}

function meaningOf(
  file: string,
  rule: string,
  tags: readonly string[],
  metadata: readonly (readonly [string, string])[],
): RuleMeaning {
  const textsOf = (...names: readonly string[]) =>
    metadata.flatMap(([name, text]) => (names.includes(name) ? [text] : []));
  const severity = SEVERITIES.safeParse(textsOf('severity')[0]);
  return {
    rule,
    file,
    title: textsOf('description')[0] ?? rule,
    severity: severity.data ?? 'medium',
    rationale: textsOf('rationale')[0] ?? '',
    references: textsOf('reference', 'url').slice(0, 20),
    techniques: [...textsOf('attack', 'mitre_attack'), ...tags].filter((word) => TECHNIQUE.test(word)),
  };
}
