import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_ADDRESS_GROUPS, DEFAULT_PORT_GROUPS, defaultResources, loadRules } from '@sphinx/rules';
import type { Suite, SuiteCase } from '../suite.ts';
import { inspectCapture } from './rules/inspect-capture.ts';

/*
 * A case is one capture of a control system, read with all rules of Quickdraw and every end set to `any`. It passes when as
 * many different rules fire as in Suricata 4.1.10 (shared/data/README.md). The numbers of alerts are printed beside each
 * other: they differ where Suricata looks at the same bytes twice, as a packet and as a stretch of stream, and where it puts
 * several messages into one stretch.
 */

interface Expected {
  readonly capture: string;
  readonly alerts: number;
  readonly distinct: number;
}

const EXPECTED: readonly Expected[] = [
  { capture: 'bacnet_test', alerts: 3, distinct: 3 },
  { capture: 'dnp3_test_data_part1', alerts: 29, distinct: 7 },
  { capture: 'dnp3_test_data_part2', alerts: 2, distinct: 1 },
  { capture: 'enip_test', alerts: 2, distinct: 1 },
  { capture: 'fox_info', alerts: 2, distinct: 1 },
  { capture: 'modbus_test_data_part1', alerts: 24, distinct: 9 },
  { capture: 'modbus_test_data_part2', alerts: 40, distinct: 5 },
  { capture: 'modicon_test', alerts: 9, distinct: 2 },
  { capture: 'omron_test', alerts: 2, distinct: 2 },
  { capture: 's7_test', alerts: 0, distinct: 0 },
];

const ENDS = ['BACNET', 'DNP3', 'ENIP', 'FINS', 'FOX', 'MODBUS', 'MODICON', 'S7', 'OMRON'];
const addressGroups = {
  ...DEFAULT_ADDRESS_GROUPS,
  ...Object.fromEntries(ENDS.flatMap((name) => [`${name}_CLIENT`, `${name}_SERVER`].map((end) => [end, 'any']))),
};
const portGroups = { ...DEFAULT_PORT_GROUPS, ENIP_PORTS: '44818' };

export const suite: Suite = { title: 'Quickdraw rules that fire on captures of control systems', run: runFolder };

async function* runFolder(folder: string): AsyncIterable<SuiteCase> {
  const name = 'all-quickdraw.rules';
  for (const expected of EXPECTED) {
    const content = readFileSync(join(folder, name), 'utf8');
    const { rules, rejected } = loadRules([{ name, content }], defaultResources({ addressGroups, portGroups }));
    const { alerts } = await inspectCapture(join(folder, `${expected.capture}.pcap`), rules);
    const distinct = new Set(alerts.map(({ rule }) => rule.sid));
    const reason =
      `${alerts.length} alerts of ${distinct.size} rules (${[...distinct].join(', ')}); ` +
      `expected ${expected.alerts} of ${expected.distinct}; ${rejected.length} rules rejected`;
    yield { id: expected.capture, outcome: distinct.size >= expected.distinct ? 'passed' : 'failed', reason };
  }
}
