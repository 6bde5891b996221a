import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Advisory,
  type AffectedProduct,
  type AffectedStatus,
  describeProblems,
  isInRange,
  readCsaf,
  scoreCvss,
} from '@sphinx/vulnerabilities';
import type { Suite, SuiteCase } from '../suite.ts';
import { type Probe, probesOf } from './csaf-icsma/probes.ts';
import { type RawDocument, type RawProduct, readProducts } from './csaf-icsma/raw-products.ts';

/*
 * A case is one version of one product under one vulnerability of an advisory, or one printed CVSS score. Probe versions come
 * from the document itself, by a reading of its branches that shares no code with SPHINX: at, below and above each bound, and a
 * version that nobody knows. What SPHINX says of each must be what the document says.
 */

const CLEAN: readonly AffectedStatus[] = ['not-affected', 'fixed'];

export const suite: Suite = {
  title: 'Medical advisories of CISA: status of each product and version, scores',
  run: runFolder,
};

function* runFolder(folder: string): Iterable<SuiteCase> {
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()) {
    const content = readFileSync(join(folder, file), 'utf8');
    const reading = readCsaf(content);
    if (reading.isRead) yield* runDocument(file, JSON.parse(content) as RawDocument, reading.value);
    else yield { id: file, outcome: 'failed', reason: describeProblems(reading.problems), cause: 'cannot be read' };
  }
}

function* runDocument(file: string, document: RawDocument, advisories: readonly Advisory[]): Iterable<SuiteCase> {
  const products = readProducts(document);
  for (const [index, vulnerability] of (document.vulnerabilities ?? []).entries()) {
    const advisory = advisories[index];
    const id = `${file} ${vulnerability.cve ?? index}`;
    if (advisory === undefined) {
      yield { id, outcome: 'failed', reason: 'has no advisory', cause: 'no advisory' };
      continue;
    }
    const concerned = new Map<string, RawProduct[]>();
    for (const productId of vulnerability.product_status?.known_affected ?? []) {
      const product = products.get(productId);
      if (product !== undefined) concerned.set(product.name, [...(concerned.get(product.name) ?? []), product]);
    }
    for (const [name, entries] of concerned) {
      const affected = advisory.affected.find(({ product }) => product.name === name);
      for (const probe of probesOf(entries)) yield { id: `${id} ${name} ${probe.version}`, ...judge(affected, probe) };
    }
    for (const vector of vulnerability.scores?.flatMap(({ cvss_v2, cvss_v3 }) => [cvss_v2, cvss_v3]) ?? []) {
      if (vector === undefined) continue;
      yield { id: `${id} ${vector.vectorString}`, ...judgeScore(vector.vectorString, vector.baseScore) };
    }
  }
}

function judge(affected: AffectedProduct | undefined, { version, expected, why }: Probe): Omit<SuiteCase, 'id'> {
  if (affected === undefined) return { outcome: 'failed', reason: 'the product is missing', cause: 'missing product' };
  const status = statusOf(affected, version);
  const isRight = expected === 'clean' ? CLEAN.includes(status) : status === expected;
  const reason = `${why}: ${expected} expected, ${status} found`;
  return isRight
    ? { outcome: 'passed', reason }
    : { outcome: 'failed', reason, cause: `${why}: ${expected}, not ${status}` };
}

/** The first entry that contains a version decides; one of which nobody can tell leaves all unknown. */
function statusOf({ versions, otherVersions }: AffectedProduct, version: string): AffectedStatus {
  const verdicts = versions.map(({ range, status }) => ({ status, isIn: isInRange(range, version).isIn }));
  const decisive = verdicts.find(({ isIn }) => isIn === 'yes');
  if (decisive !== undefined) return decisive.status;
  return verdicts.some(({ isIn }) => isIn === 'unknown') ? 'unknown' : otherVersions;
}

function judgeScore(vector: string, printed: number): Omit<SuiteCase, 'id'> {
  const score = scoreCvss(vector)?.base;
  const reason = `the document prints ${printed}, the vector gives ${score ?? 'none'}`;
  return score === printed ? { outcome: 'passed', reason } : { outcome: 'failed', reason, cause: 'another score' };
}
