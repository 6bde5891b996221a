import { createReadStream, existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import {
  type Advisory,
  AdvisoryIndex,
  describeProblems,
  type NameBook,
  readCveStream,
  readNameBook,
  type SoftwareItem,
  type SoftwareMatch,
} from '@sphinx/vulnerabilities';
import { parse } from 'yaml';
import { sharedData } from '../../tests/shared-data.ts';
import type { Suite, SuiteCase } from '../suite.ts';

/*
 * A case is one human judgement: is this version of a package affected by this CVE (TP) or not (FP)? The only source is
 * vulnrichment (CVE JSON 5). Affected says yes; fixed, not affected, unknown and no match say no: an unknown is never counted
 * as found. Labels that nobody decided (??), and those on which the source tells no product, are unsupported.
 */

interface Label {
  readonly ID: string;
  readonly label: 'TP' | 'FP' | '??';
  readonly effective_cve?: string;
  readonly vulnerability_id: string;
  readonly package: { readonly name: string; readonly version: string };
}

interface Tally {
  found: number;
  missed: number;
  wrong: number;
  right: number;
}

const newTally = (): Tally => ({ found: 0, missed: 0, wrong: 0, right: 0 });
const notes: string[] = [];

export const suite: Suite = {
  title: 'Human judgements of packages against CVE records of vulnrichment',
  run: runFolder,
  notes: () => notes,
};

async function* runFolder(folder: string): AsyncIterable<SuiteCase> {
  notes.length = 0;
  const labels = readLabels(join(folder, 'labels.jsonl.gz'));
  const advisories = await readSource(new Set(labels.map(cveOf)));
  const book = knownNames();
  const indexes = new Map<string, AdvisoryIndex>();
  const all = newTally();
  const named = newTally();
  const told = newTally();
  for (const label of labels) {
    const cve = cveOf(label);
    const id = `${label.ID} ${label.package.name} ${label.package.version} ${cve}`;
    const unsupported = whyUnsupported(label, advisories.get(cve));
    const advisory = advisories.get(cve);
    if (unsupported !== undefined || advisory === undefined) {
      yield { id, outcome: 'unsupported', reason: unsupported ?? cve, ...(unsupported && { cause: unsupported }) };
      continue;
    }
    const index = indexes.get(cve) ?? new AdvisoryIndex([advisory], book);
    indexes.set(cve, index);
    const item: SoftwareItem = { vendor: '', name: label.package.name, version: label.package.version };
    const [match] = index.match(item);
    const isAffected = match?.status === 'affected';
    count(all, label, isAffected);
    if (match !== undefined) count(named, label, isAffected);
    if (match !== undefined && match.status !== 'unknown') count(told, label, isAffected);
    yield { id, ...judge(label, match) };
  }
  notes.push(
    describe('all labels on which the source tells a product', all),
    describe('of these, where the source tells the product of the package', named),
    describe('of these, where the source tells the version, too', told),
  );
}

/** Aliases of companies and products of knowledge/software-aliases. */
function knownNames(): NameBook {
  const folder = fileURLToPath(new URL('../../knowledge/software-aliases/', import.meta.url));
  const files = globSync('*.yaml', { cwd: folder }).map((name) => ({
    name,
    content: parse(readFileSync(join(folder, name), 'utf8')) as unknown,
  }));
  const reading = readNameBook(files);
  if (!reading.isRead) throw new Error(describeProblems(reading.problems));
  return reading.value;
}

function judge(label: Label, match: SoftwareMatch | undefined): Omit<SuiteCase, 'id'> {
  const isAffected = match?.status === 'affected';
  const says = match === undefined ? 'the source names other products only' : `${match.status}: ${match.reason}`;
  if ((label.label === 'TP') === isAffected) return { outcome: 'passed', reason: says };
  if (isAffected) {
    const cause = match.mayBeMended
      ? 'not affected, by its version it is: the distribution may have mended it'
      : 'not affected, the source says it is';
    return { outcome: 'failed', reason: says, cause };
  }
  const cause = match === undefined ? says : `affected, the source says ${match.status} (${match.quality})`;
  return { outcome: 'failed', reason: says, cause };
}

function whyUnsupported({ label }: Label, advisory: Advisory | undefined): string | undefined {
  if (label === '??') return 'nobody decided';
  if (advisory === undefined) return 'the source has no record of the CVE';
  if (advisory.isWithdrawn) return 'the CVE is withdrawn';
  return advisory.affected.length === 0 ? 'the record names no product' : undefined;
}

function count(tally: Tally, { label }: Label, isAffected: boolean): void {
  if (label === 'TP') tally[isAffected ? 'found' : 'missed'] += 1;
  else tally[isAffected ? 'wrong' : 'right'] += 1;
}

function describe(what: string, { found, missed, wrong, right }: Tally): string {
  const share = (part: number, of: number) => (of === 0 ? 'none' : (part / of).toFixed(3));
  const sum = found + missed + wrong + right;
  return `${what} (${sum}): precision ${share(found, found + wrong)}, recall ${share(found, found + missed)}`;
}

function cveOf({ effective_cve: cve, vulnerability_id: id }: Label): string {
  return cve ?? id;
}

function readLabels(path: string): readonly Label[] {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Label);
}

async function readSource(wanted: ReadonlySet<string>): Promise<ReadonlyMap<string, Advisory>> {
  const path = sharedData('cve5/vulnrichment.jsonl.gz');
  const advisories = new Map<string, Advisory>();
  if (path === undefined || !existsSync(path)) return advisories;
  for await (const one of readCveStream(createReadStream(path), 'vulnrichment')) {
    if ('advisory' in one && wanted.has(one.advisory.id)) advisories.set(one.advisory.id, one.advisory);
  }
  return advisories;
}
