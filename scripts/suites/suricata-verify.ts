import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type EveEvent, readEveSettings } from '@sphinx/wire';
import type { Suite, SuiteCase } from '../suite.ts';
import { inspectCapture } from './rules/inspect-capture.ts';
import {
  alertOptions,
  communityIdSeed,
  dnsVersion,
  isReadInline,
  readCase,
  type VerifyCase,
  type VerifyFilter,
} from './suricata-verify/case.ts';
import { blame, evaluateFilter } from './suricata-verify/filter.ts';
import { loggedEvents } from './suricata-verify/logged-events.ts';
import { prepareRules } from './suricata-verify/prepare-rules.ts';

/*
 * A case is one folder of Suricata's verification suite with a capture: its rules are loaded, the capture is read, and every
 * `filter` check is counted over the events that `sphinx analyze --eve` writes. Not looked at are checks of files that
 * Suricata writes beside its log, and of events about Suricata itself (`OWN_EVENTS`).
 *
 *   passed       every such check holds
 *   failed       one does not hold
 *   unsupported  it has no such check, or is about something that SPHINX has not: inline mode, Lua, other run modes …
 */

/** Counters, what was dropped inline, copies of packets, parts of messages for those who write Suricata. */
const OWN_EVENTS = ['stats', 'drop', 'packet', 'frame', 'engine', 'template'];
/** Values that SPHINX never writes: what was said, by whom, under which name. */
const WITHHELD = [
  /^(payload|payload_printable|packet|stream)$/,
  /password|username|community|simple_query|\.message$/,
  /^(email|smtp)\.|rcpt_to|mail_from/,
  /filename|command_data|\.file$/,
];

const PERCENT = 100;
interface Family {
  passed: number;
  failed: number;
}

const families = new Map<string, Family>();

export const suite: Suite = {
  title: "Alerts and records of Suricata's verification suite",
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
    const inspected = await inspectCapture(one.capture, rules, {
      suppressions,
      communityIdSeed: communityIdSeed(one),
      alerts: alertOptions(one),
      dnsVersion: dnsVersion(one),
      settings: readEveSettings(one.settings),
      numbering: isReadInline(one) ? 'completing' : 'acknowledging',
    });
    const events = loggedEvents(one, inspected.events);
    for (const filter of filters) {
      const { found, isMet } = evaluateFilter(filter, events);
      if (isMet) continue;
      const refusal = rejected.find(({ sid }) => sid !== undefined && sid === filter.match['alert.signature_id']);
      const cause = refusal === undefined ? causeOf(filter, events) : `rule rejected: ${refusal.reason}`;
      return {
        outcome: 'failed',
        reason: `${JSON.stringify(filter.match)}: ${found} instead of ${filter.count}`,
        cause,
      };
    }
    return { outcome: 'passed', reason: `${filters.length} checks hold` };
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { outcome: 'failed', reason, cause: reason.slice(0, 80) };
  }
}

function causeOf(filter: VerifyFilter, events: readonly EveEvent[]): string {
  const cause = blame(filter, events);
  const absent = / (\S+) is absent$/.exec(cause)?.[1] ?? '';
  return WITHHELD.some((pattern) => pattern.test(absent)) ? `${cause}: it may name a patient` : cause;
}

/** Events that are about alerts, flows, files and protocols; others tell how Suricata itself works. */
function isJudged({ match, filename }: VerifyFilter): boolean {
  if (filename !== undefined && filename !== 'eve.json') return false;
  if (match.event_type !== undefined) return !OWN_EVENTS.includes(String(match.event_type));
  return !Object.keys(match).some((key) => /^(engine|stats)\./.test(key));
}

function otherChecks(one: VerifyCase): string {
  const types = new Set(one.filters.map(({ match }) => String(match.event_type ?? 'other events')));
  return types.size === 0 ? 'statistics and output files' : `events of type ${[...types].sort().join(', ')}`;
}
