import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Suite, SuiteCase } from '../suite.ts';
import { inspectCapture } from './rules/inspect-capture.ts';
import { readCase, type VerifyCase, type VerifyFilter } from './suricata-verify/case.ts';
import { eveAlert } from './suricata-verify/eve.ts';
import { type EveEvent, evaluateFilter } from './suricata-verify/filter.ts';
import { prepareRules } from './suricata-verify/prepare-rules.ts';

/*
 * A case is one folder of Suricata's verification suite with a capture: its rules are loaded, the capture is read, and every
 * `filter` check on alerts is counted over alerts that are mapped to the names of EVE JSON. Checks on protocol records, flows
 * and files are not judged: records are not mapped to EVE.
 *
 *   passed       every such check holds (checks on other events, on statistics and on files of Suricata are not looked at)
 *   failed       one does not hold
 *   unsupported  it has no such check, or is about something that SPHINX has not: inline mode, Lua, other run modes …
 */

const PERCENT = 100;
interface Family {
  passed: number;
  failed: number;
}

const families = new Map<string, Family>();

export const suite: Suite = {
  title: "Alerts of Suricata's verification suite",
  run: runFolder,
  notes: () => {
    const passed = sum(({ passed }) => passed);
    const judged = passed + sum(({ failed }) => failed);
    const rows = [...families]
      .filter(([, { passed, failed }]) => passed + failed >= 5)
      .sort(([, a], [, b]) => b.passed + b.failed - a.passed - a.failed)
      .map(([name, { passed, failed }]) => `${name} ${passed}/${passed + failed}`);
    return [
      `By family: ${rows.join(', ')}`,
      `${passed} of ${judged} judged cases pass: ${((PERCENT * passed) / Math.max(1, judged)).toFixed(1)} %`,
    ];
  },
};

function sum(value: (family: Family) => number): number {
  return [...families.values()].reduce((total, family) => total + value(family), 0);
}

async function* runFolder(folder: string): AsyncIterable<SuiteCase> {
  families.clear();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(^|\/)test\.yaml$/.test(name),
  );
  for (const name of files.sort()) {
    const id = relative(folder, join(folder, name, '..'));
    const one = readCase(join(folder, name));
    if (typeof one === 'string') {
      yield { id, outcome: 'unsupported', reason: one };
      continue;
    }
    const judged = await judge(one);
    count(id, judged.outcome);
    yield { id, ...judged };
  }
}

function count(id: string, outcome: SuiteCase['outcome']): void {
  if (outcome === 'unsupported') return;
  const name = /^[a-z]+\d?/i.exec(id)?.[0] ?? id;
  const family = families.get(name) ?? { passed: 0, failed: 0 };
  family[outcome] += 1;
  families.set(name, family);
}

async function judge(one: VerifyCase): Promise<Omit<SuiteCase, 'id'>> {
  const filters = one.filters.filter(isJudged);
  if (filters.length === 0) return { outcome: 'unsupported', reason: `it checks nothing but ${otherChecks(one)}` };
  try {
    const { rules, rejected, suppressions } = prepareRules(one);
    const { alerts } = await inspectCapture(one.capture, rules, { suppressions });
    const events: EveEvent[] = alerts.map(eveAlert);
    for (const filter of filters) {
      const { found, isMet } = evaluateFilter(filter, events);
      if (isMet) continue;
      const type = String(filter.match.event_type);
      const sid = filter.match['alert.signature_id'];
      const refusal = rejected.find((each) => each.sid === sid);
      const cause = refusal === undefined ? `${type}: wrong count` : `rule rejected: ${refusal.reason}`;
      const reason = `${JSON.stringify(filter.match)}: ${found} instead of ${filter.count}; ${refusal?.reason ?? ''}`;
      return { outcome: 'failed', reason, cause };
    }
    return { outcome: 'passed', reason: `${filters.length} checks hold` };
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { outcome: 'failed', reason, cause: reason.slice(0, 80) };
  }
}

function isJudged({ match, filename }: VerifyFilter): boolean {
  const type = match.event_type;
  if (filename !== undefined && filename !== 'eve.json') return false;
  return type === 'alert';
}

function otherChecks(one: VerifyCase): string {
  const types = new Set(one.filters.map(({ match }) => String(match.event_type ?? 'other events')));
  return types.size === 0 ? 'statistics and output files' : `events of type ${[...types].sort().join(', ')}`;
}
