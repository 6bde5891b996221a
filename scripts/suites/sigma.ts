import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { type CompiledSigma, compileSigma, SigmaCorrelator } from '@sphinx/rules';
import { parse } from 'yaml';
import type { Suite, SuiteCase } from '../suite.ts';
import { readEvents } from './sigma/read-events.ts';
import { filesBelow, ownPipelines, readRuleFiles } from './sigma/rule-set.ts';

/*
 * A case is one rule, which is loaded or rejected with its reason (unsupported), or one regression test of SigmaHQ: the events
 * must make its rule fire at least as often as it says (`match_count`; once where it does not). What else fires is told. Of a
 * test with EVTX, the JSON beside it is a case too.
 */

/** `info.yml`: SigmaHQ regression data, JSON schema of the Sigma specification. */
interface Info {
  readonly rule_metadata: readonly { readonly id: string }[];
  readonly regression_tests_info: readonly { readonly path: string; readonly match_count?: number }[];
}

const notes: string[] = [];

export const suite: Suite = {
  title: "SigmaHQ's rules that load, and regression events that fire their rule",
  run: runFolder,
  notes: () => notes,
};

async function* runFolder(folder: string): AsyncIterable<SuiteCase> {
  notes.length = 0;
  const pipelines = await ownPipelines();
  const begun = performance.now();
  const sigma = compileSigma(readRuleFiles(folder), pipelines);
  const { loaded, rejected } = sigma.report;
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  notes.push(`${loaded.length} rules loaded, ${rejected.length} rejected, ${seconds} s`);
  for (const { id, file } of loaded) yield { id: `${file} ${id}`, outcome: 'passed', reason: 'loaded' };
  for (const { file, document, reason } of rejected) {
    yield { id: `${file}#${document}`, outcome: 'unsupported', reason: `rejected: ${reason}`, cause: reason };
  }
  const data = join(folder, 'regression_data');
  if (!existsSync(data)) return;
  let others = 0;
  for (const path of filesBelow(data).filter((each) => basename(each) === 'info.yml')) {
    for (const one of runInfo(folder, path, sigma)) {
      if (one.others > 0) others++;
      yield one.result;
    }
  }
  notes.push(`${others} regression cases in which other rules fire too`);
}

function* runInfo(folder: string, path: string, sigma: CompiledSigma) {
  const info = readInfo(readFileSync(path, 'utf8'));
  if (typeof info === 'string') {
    const reason = `it is no description of tests: ${info}`;
    yield { others: 0, result: { id: relative(folder, path), outcome: 'failed' as const, reason, cause: 'info.yml' } };
    return;
  }
  const wanted = info.rule_metadata.map(({ id }) => id);
  for (const test of info.regression_tests_info) {
    const beside = join(dirname(path), basename(test.path));
    const file = existsSync(beside) ? beside : join(folder, test.path);
    const json = file.replace(/\.evtx$/, '.json');
    for (const each of file !== json && existsSync(json) ? [file, json] : [file]) {
      yield runTest(folder, each, wanted, test.match_count ?? 1, sigma);
    }
  }
}

/** @returns what is wrong, in words, where it is no such file */
function readInfo(text: string): Info | string {
  try {
    const info = parse(text) as Partial<Info> | null;
    const { rule_metadata: rules, regression_tests_info: tests } = info ?? {};
    if (!Array.isArray(rules) || !rules.every((rule) => typeof rule?.id === 'string')) return 'it names no rule';
    if (!Array.isArray(tests) || !tests.every((test) => typeof test?.path === 'string')) return 'it names no file';
    return { rule_metadata: rules, regression_tests_info: tests };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function runTest(folder: string, file: string, wanted: readonly string[], times: number, sigma: CompiledSigma) {
  const id = relative(folder, file);
  const done = (outcome: SuiteCase['outcome'], reason: string, cause: string, others = 0) => {
    return { others, result: { id, outcome, reason, cause } };
  };
  const missing = wanted.find((rule) => !sigma.report.loaded.some((each) => each.id === rule));
  if (missing !== undefined) {
    const why = sigma.report.rejected.find((each) => each.id === missing)?.reason;
    return why === undefined
      ? done('failed', `there is no rule ${missing}`, 'no such rule')
      : done('unsupported', `its rule is rejected: ${why}`, why);
  }
  try {
    const counts = countHits(file, sigma, wanted);
    const least = Math.min(...wanted.map((rule) => counts.get(rule) ?? 0));
    const others = [...counts].filter(([rule]) => !wanted.includes(rule));
    const also = others.map(([rule, count]) => `${titleOf(sigma, rule)} (${count})`).join('; ');
    const reason = `fired ${least} times, expected ${times}${also === '' ? '' : `; also fired: ${also}`}`;
    return done(least >= times ? 'passed' : 'failed', reason, 'its rule does not fire', others.length);
  } catch (error) {
    return done('failed', `it cannot be read: ${error instanceof Error ? error.message : String(error)}`, 'unreadable');
  }
}

/** Events that do not tell what they are from are taken for what the rule is about. */
function countHits(file: string, { matcher, correlations, report }: CompiledSigma, wanted: readonly string[]) {
  const counts = new Map<string, number>();
  const count = (hits: readonly { readonly rule: { readonly id: string } }[]) => {
    for (const { rule } of hits) counts.set(rule.id, (counts.get(rule.id) ?? 0) + 1);
  };
  const correlator = new SigmaCorrelator(correlations);
  const origin = report.loaded.find(({ id }) => wanted.includes(id))?.logsource;
  for (const event of readEvents(file).events) {
    const hits = matcher.match(event, 'Channel' in event ? undefined : origin);
    count(hits);
    const time = event.TimeCreated_SystemTime ?? event['@timestamp'] ?? event.timestamp ?? event.eventTime;
    const timeMs = Date.parse(String(time));
    count(correlator.take(hits, Number.isNaN(timeMs) ? 0 : timeMs));
  }
  count(correlator.advance(Number.POSITIVE_INFINITY));
  return counts;
}

function titleOf({ report }: CompiledSigma, rule: string): string {
  return report.loaded.find(({ id }) => id === rule)?.title ?? rule;
}
