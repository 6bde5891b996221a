import { relative, sep } from 'node:path';
import { compileSigma, type SigmaMatcher, type SigmaPipeline, type SigmaRuleInfo } from '@sphinx/rules';
import { loadSigmaRules } from '../../packages/rules/src/sigma/language/load.ts';
import { matchPlainly } from '../../packages/rules/src/sigma/matcher/test-plain-matcher.ts';
import { sharedData } from '../../tests/shared-data.ts';
import type { Suite, SuiteCase } from '../suite.ts';
import { readEvents } from './sigma/read-events.ts';
import { filesBelow, ownPipelines, readRuleFiles } from './sigma/rule-set.ts';

/*
 * A case is one event log: it is read whole, and a rule of SigmaHQ fires. Where none does, its events are put to every rule one
 * by one; if still none fits, the rule set has no rule for what the file shows (unsupported). The folder names the tactic.
 */

/** Events of a file that no rule fired on which are put to every rule one by one. */
const EVENTS_CHECKED = 40;

const notes: string[] = [];

export const suite: Suite = {
  title: 'Event logs of attacks that are read, and the rules that fire on them',
  run: runFolder,
  notes: () => notes,
};

interface RuleSet {
  readonly matcher: SigmaMatcher;
  readonly pipelines: readonly SigmaPipeline[];
  readonly single: ReturnType<typeof loadSigmaRules>['rules'];
}

async function* runFolder(folder: string): AsyncIterable<SuiteCase> {
  notes.length = 0;
  const rules = await loadRules();
  if (rules === undefined) notes.push('../shared/data/sigma is absent: files were only read');
  const counts = { files: 0, fired: 0, ofTactic: 0, events: 0 };
  for (const path of filesBelow(folder).filter((each) => each.toLowerCase().endsWith('.evtx'))) {
    const id = relative(folder, path);
    counts.files++;
    const { events, evtx } = readEvents(path);
    counts.events += events.length;
    const problem = problemOf(events.length, evtx);
    if (problem !== '') {
      yield { id, outcome: 'failed', reason: problem, cause: 'not read whole' };
      continue;
    }
    if (rules === undefined) {
      yield { id, outcome: 'passed', reason: `${events.length} events read` };
      continue;
    }
    const fired = new Map<string, SigmaRuleInfo>();
    for (const event of events) for (const { rule } of rules.matcher.match(event)) fired.set(rule.id, rule);
    const tactic = (id.split(sep)[0] ?? '').toLowerCase().replaceAll(' ', '-');
    if (fired.size > 0) counts.fired++;
    if ([...fired.values()].some(({ tags }) => tags.includes(`attack.${tactic}`))) counts.ofTactic++;
    yield judge(id, events, fired, tactic, rules);
  }
  notes.push(
    `${counts.files} files, ${counts.events} events; rules fire in ${counts.fired}, of the folder's own tactic in ${counts.ofTactic}`,
  );
}

async function loadRules(): Promise<RuleSet | undefined> {
  const folder = sharedData('sigma');
  if (folder === undefined) return undefined;
  const pipelines = await ownPipelines();
  const files = readRuleFiles(folder);
  const { matcher } = compileSigma(files, pipelines);
  return { matcher, pipelines, single: loadSigmaRules(files, new Map()).rules };
}

function problemOf(events: number, evtx: ReturnType<typeof readEvents>['evtx']): string {
  if (evtx === undefined) return 'it is no event log';
  const { damagedRecords, lostChunks, reasons } = evtx;
  if (damagedRecords + lostChunks > 0) {
    return `${events} events read, ${damagedRecords} damaged, ${lostChunks} chunks lost: ${reasons.join(', ')}`;
  }
  return events === 0 ? 'it holds no event' : '';
}

function judge(
  id: string,
  events: ReturnType<typeof readEvents>['events'],
  fired: ReadonlyMap<string, SigmaRuleInfo>,
  tactic: string,
  { pipelines, single }: RuleSet,
): SuiteCase {
  if (fired.size > 0) {
    const own = [...fired.values()].filter(({ tags }) => tags.includes(`attack.${tactic}`)).length;
    const titles = [...fired.values()].map(({ title }) => title).join('; ');
    return { id, outcome: 'passed', reason: `${fired.size} rules fired, ${own} of the tactic ${tactic}: ${titles}` };
  }
  const missed = events.slice(0, EVENTS_CHECKED).flatMap((event) => matchPlainly(single, pipelines, event));
  if (missed.length > 0) {
    return { id, outcome: 'failed', reason: `these rules fit and did not fire: ${missed.join(', ')}`, cause: 'missed' };
  }
  const logs = [...new Set(events.map((event) => `${String(event.Channel)} ${String(event.EventID)}`))].join(', ');
  const reason = `${events.length} events read; no rule of the set fits any of them (${logs})`;
  return { id, outcome: 'unsupported', reason, cause: 'no rule of the set fits its events, each tried by itself' };
}
