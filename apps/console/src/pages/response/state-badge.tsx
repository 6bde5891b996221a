import { Badge } from '@mantine/core';
import type { Run } from './queries.ts';

const COLORS: Readonly<Record<string, string>> = {
  planned: 'gray.7',
  'awaiting-approval': 'yellow.4',
  running: 'blue.9',
  stopped: 'red.9',
  succeeded: 'green.9',
  failed: 'red.9',
  refused: 'red.9',
  cancelled: 'gray.7',
  undoing: 'blue.9',
  undone: 'gray.7',
};

/** Where a run stands. */
export function RunBadge({ run: { state, isDryRun } }: { run: Pick<Run, 'state' | 'isDryRun'> }) {
  return (
    <Badge color={isDryRun ? 'gray.7' : (COLORS[state] ?? 'gray.7')} tt="none" autoContrast>
      {isDryRun ? 'dry run' : state.replace('-', ' ')}
    </Badge>
  );
}
