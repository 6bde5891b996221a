import { Alert, List, Stack, Table, Text, Title } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { formatCount } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { bedsWords, EffectBadge, safetyWords } from './care-words.tsx';
import { NodeLink } from './node-link.tsx';
import { NodesSelect } from './node-select.tsx';
import { type OutageReport, useOutage } from './queries.ts';

/** What stops when this stops, and for how many beds? */
export function OutageView() {
  const [parameters, setParameters] = useSearchParams();
  const stopped = parameters.getAll('stop');
  const { data, error, refetch } = useOutage(stopped);
  const choose = (ids: readonly string[]) => {
    const next = new URLSearchParams(parameters);
    next.delete('stop');
    for (const id of ids) next.append('stop', id);
    setParameters(next, { preventScrollReset: true });
  };
  return (
    <Stack>
      <NodesSelect
        label="What is gone?"
        description="Devices, servers, networks or clinical services; several at once are gone together. Nothing is changed by looking."
        value={stopped}
        known={data?.stopped ?? []}
        onChange={choose}
        maw={640}
      />
      {stopped.length === 0 && (
        <EmptyState
          title="Choose what is gone"
          description="You see which clinical services stop or get worse, for how many beds, and through what."
        />
      )}
      {stopped.length > 0 && data === undefined && error === null && <LoadingState what="what it would hit" />}
      {error !== null && <ErrorState error={error} onRetry={refetch} />}
      {stopped.length > 0 && data !== undefined && error === null && <Report report={data} />}
    </Stack>
  );
}

function Report({ report }: { report: OutageReport }) {
  return (
    <>
      <Alert
        variant="outline"
        color={report.care.length > 0 ? 'red' : 'blue'}
        role="status"
        title={`Without ${report.stopped.map(({ name }) => name).join(', ')}`}
      >
        {report.summary}
      </Alert>
      {report.care.length > 0 && <CareTable report={report} />}
      {report.others.length > 0 && <OthersTable report={report} />}
    </>
  );
}

function CareTable({ report }: { report: OutageReport }) {
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Clinical services that are hit, the gravest first" verticalSpacing={6}>
        <TableHead
          columns={['Clinical service', 'Effect', { title: 'Beds', isNumber: true }, 'Devices', 'For patients', 'Why']}
        />
        <Table.Tbody>
          {report.care.map(({ node, effect, beds, devices, devicesHit, path }) => (
            <Table.Tr key={node.id}>
              <Table.Td>
                <NodeLink node={node} />
              </Table.Td>
              <Table.Td>
                <EffectBadge effect={effect} />
              </Table.Td>
              <Table.Td ta="right">{bedsWords(beds)}</Table.Td>
              <Table.Td>{devices === 0 ? '' : `${formatCount(devicesHit)} of ${formatCount(devices)}`}</Table.Td>
              <Table.Td>{safetyWords(node.safety)}</Table.Td>
              <Table.Td maw={420}>
                <Path path={path} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Path({ path }: { path: readonly string[] }) {
  if (path.length === 0) return <Text size="sm">It is what was stopped.</Text>;
  return (
    <List size="sm">
      {path.map((sentence) => (
        <List.Item key={sentence}>{sentence}</List.Item>
      ))}
    </List>
  );
}

function OthersTable({ report }: { report: OutageReport }) {
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        Devices and networks behind it
      </Title>
      <Table.ScrollContainer minWidth={560}>
        <Table aria-label="Devices and networks that are hit, the gravest first" verticalSpacing={4}>
          <TableHead columns={['What', 'Effect', 'Why']} />
          <Table.Tbody>
            {report.others.map(({ node, effect, path }) => (
              <Table.Tr key={node.id}>
                <Table.Td>
                  <NodeLink node={node} />
                </Table.Td>
                <Table.Td>
                  <EffectBadge effect={effect} />
                </Table.Td>
                <Table.Td>{path[0]}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {report.othersTotal > report.others.length && (
        <Text size="sm" c="dimmed">
          The {formatCount(report.others.length)} gravest of {formatCount(report.othersTotal)}.
        </Text>
      )}
    </section>
  );
}
