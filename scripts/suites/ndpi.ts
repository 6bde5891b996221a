import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROTOCOLS } from '@sphinx/wire';
import type { Suite, SuiteCase } from '../suite.ts';
import { type ExpectedFlow, readExpectedFlows } from './ndpi/expected-flows.ts';
import { findFlows } from './ndpi/found-flows.ts';
import { acceptedIds } from './ndpi/protocol-names.ts';

/*
 * A case is one flow that nDPI names. nDPI names applications behind a protocol (TLS.Google): the protocol counts.
 *
 *   passed       the sensor names the flow as nDPI does, through the table in ndpi/protocol-names.ts
 *   failed       the sensor names it otherwise; or finds no protocol in it, or does not see it, though it has a room for it
 *   unsupported  the sensor leaves it unnamed and has no room for the protocol; or nDPI itself guesses from port, address
 *                or a rule of its test's own configuration, where the content tells nothing
 *
 * Flows that nDPI leaves unnamed are no cases: they count neither for nor against. How many of them the sensor names is
 * printed, because a sensor that names everything would be worth nothing.
 */

/** Confidence levels of nDPI that rest on something else than the bytes of the flow. */
const GUESSES: Readonly<Record<string, string>> = {
  'Match by port': 'from the port alone',
  'Match by IP': 'from the address alone',
  'Match by custom rule': "from a rule of its test's own configuration",
  nBPF: "from a rule of its test's own configuration",
};
const UNNAMED = 'Unknown';
const ROOM_IDS = new Set(PROTOCOLS.map(({ id }) => id));
const PERCENT = 100;

const tally = { passed: 0, cases: 0, guesses: 0, unnamed: 0, namedThere: 0 };

/** Every run counts anew. */
function resetTally(): void {
  for (const name of ['passed', 'cases', 'guesses', 'unnamed', 'namedThere'] as const) tally[name] = 0;
}

export const suite: Suite = {
  title: 'Protocol of each flow that nDPI names, as SPHINX names it',
  run: runFolder,
  notes: () => [
    `${share(tally.passed, tally.cases)} of all ${tally.cases} flows that nDPI names are named the same; ` +
      `${share(tally.passed, tally.cases - tally.guesses)} without the ${tally.guesses} that it only guesses and SPHINX leaves.`,
    `${tally.unnamed} more flows nDPI leaves unnamed: no cases. SPHINX names ${tally.namedThere} of them.`,
  ],
};

async function* runFolder(folder: string): AsyncIterable<SuiteCase> {
  resetTally();
  const captures = join(folder, 'pcap');
  if (!existsSync(captures)) {
    yield { id: 'pcap', outcome: 'failed', reason: `There is no folder ${captures}` };
    return;
  }
  for (const name of readdirSync(captures).sort()) {
    const result = join(folder, 'result', `${name}.out`);
    if (!existsSync(result)) yield { id: name, outcome: 'unsupported', reason: 'nDPI gives no result for it' };
    else yield* runCapture(name, join(captures, name), readFileSync(result, 'latin1'));
  }
}

async function* runCapture(name: string, file: string, result: string): AsyncIterable<SuiteCase> {
  let found: ReadonlyMap<string, ReadonlySet<string>>;
  try {
    found = await findFlows(file);
  } catch (error) {
    yield { id: name, outcome: 'failed', reason: `cannot be read: ${String(error)}`, cause: 'cannot be read' };
    return;
  }
  for (const [index, flow] of readExpectedFlows(result).entries()) {
    const names = found.get(flow.key);
    if (flow.protocol === UNNAMED) {
      tally.unnamed += 1;
      if (names !== undefined && names.size > 0) tally.namedThere += 1;
      continue;
    }
    const judged = judge(flow, names);
    tally.cases += 1;
    if (judged.outcome === 'passed') tally.passed += 1;
    else if (flow.confidence in GUESSES) tally.guesses += 1;
    yield { id: `${name}#${index + 1} ${flow.text}`, ...judged };
  }
}

/** @param names what the sensor calls the flow; undefined when it did not see it */
export function judge(flow: ExpectedFlow, names: ReadonlySet<string> | undefined): Omit<SuiteCase, 'id'> {
  const accepted = acceptedIds(flow.protocol);
  const { protocol, confidence } = flow;
  if (names !== undefined && accepted.some((id) => names.has(id))) {
    return { outcome: 'passed', reason: `${protocol}, as nDPI says` };
  }
  if (names !== undefined && names.size > 0) {
    const reason = `nDPI names ${protocol}, SPHINX ${[...names].join(' and ')}`;
    return { outcome: 'failed', reason, cause: reason };
  }
  const guess = GUESSES[confidence];
  if (guess !== undefined) {
    const reason = `nDPI guesses ${protocol} ${guess}; SPHINX names what the content shows`;
    return { outcome: 'unsupported', reason, cause: `nDPI guesses ${guess}` };
  }
  const hasRoom = accepted.some((id) => ROOM_IDS.has(id) || id.startsWith('ip-') || id.startsWith('icmp'));
  if (!hasRoom) {
    const reason = `SPHINX has no room for ${protocol}`;
    return { outcome: 'unsupported', reason, cause: reason };
  }
  const lack = names === undefined ? 'SPHINX does not see the flow' : 'SPHINX finds no protocol';
  return {
    outcome: 'failed',
    reason: `nDPI names ${protocol} (${confidence}), ${lack}`,
    cause: `${protocol}: ${lack}`,
  };
}

function share(part: number, whole: number): string {
  return whole === 0 ? '0 %' : `${((PERCENT * part) / whole).toFixed(1)} %`;
}
