import { Alert, Stack, Table } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { formatCount } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { NodesSelect } from '../care-map/node-select.tsx';
import { useCareNodes } from '../care-map/queries.ts';
import { percent } from '../risk/risk-words.tsx';
import { useWhatIf, type WhatIfReport } from './queries.ts';

const CHANGES = [
  { id: 'patched', label: 'Patched', description: 'As if no weakness and no failed check were known of them.' },
  {
    id: 'parted',
    label: 'Parted',
    description: 'Only conversations that were seen are left to them, without ways of administration and neighbours.',
  },
  { id: 'off', label: 'Switched off', description: 'Not there. What that costs care is told below.' },
] as const;

/** What would be left of the ways, and what would that cost care? */
export function WhatIfView() {
  const [parameters, setParameters] = useSearchParams();
  const of = (id: string) => parameters.getAll(id);
  const change = { patched: of('patched'), parted: of('parted'), off: of('off') };
  const isAsked = CHANGES.some(({ id }) => change[id].length > 0);
  const { data, error, refetch } = useWhatIf(change);
  const known = useCareNodes([...new Set(CHANGES.flatMap(({ id }) => change[id]))]);
  const choose = (id: string, ids: readonly string[]) => {
    const next = new URLSearchParams(parameters);
    next.delete(id);
    for (const each of ids) next.append(id, each);
    setParameters(next, { preventScrollReset: true });
  };
  return (
    <Stack>
      {CHANGES.map(({ id, label, description }) => (
        <NodesSelect
          key={id}
          label={label}
          description={description}
          value={change[id]}
          known={known}
          isAssetsOnly
          onChange={(ids) => choose(id, ids)}
          maw={640}
        />
      ))}
      {!isAsked && (
        <EmptyState
          title="Choose what would be different"
          description="You see how many targets are still within reach, and what it would cost care. Nothing is changed."
        />
      )}
      {isAsked && data === undefined && error === null && <LoadingState what="what would be left" />}
      {error !== null && <ErrorState error={error} onRetry={refetch} />}
      {isAsked && data !== undefined && error === null && <Report report={data} />}
    </Stack>
  );
}

function Report({ report }: { report: WhatIfReport }) {
  return (
    <>
      <Alert variant="outline" color="blue" role="status" title={report.text}>
        For care: {report.care}
      </Alert>
      <Table.ScrollContainer minWidth={560}>
        <Table aria-label="Targets before and after" verticalSpacing={4}>
          <TableHead
            columns={[
              'What attackers want',
              { title: 'All', isNumber: true },
              { title: 'Within reach now', isNumber: true },
              { title: 'then', isNumber: true },
              { title: 'Likeliest way now', isNumber: true },
              { title: 'and then', isNumber: true },
            ]}
          />
          <Table.Tbody>
            {report.groups.map(({ id, title, targets, before, after }) => (
              <Table.Tr key={id}>
                <Table.Td>{title}</Table.Td>
                <Table.Td ta="right">{formatCount(targets)}</Table.Td>
                <Table.Td ta="right">{formatCount(before.withinReach)}</Table.Td>
                <Table.Td ta="right">{formatCount(after.withinReach)}</Table.Td>
                <Table.Td ta="right">{percent(before.likeliest)}</Table.Td>
                <Table.Td ta="right">{percent(after.likeliest)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}
