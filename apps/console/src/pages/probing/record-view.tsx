import { Anchor, Button, Group, Select, Stack, Table, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { downloadCsv } from '../../components/csv.ts';
import { DetailDrawer } from '../../components/detail-drawer.tsx';
import { formatBytes, formatCount, formatQuantity } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime, TimeText } from '../../components/time-text.tsx';
import { useParameterChange } from '../../components/view-tabs.tsx';
import { OCCASIONS, RUN_STATES, RunBadge } from './probing-words.tsx';
import { type ProbeExchange, type ProbeRun, useExchanges, useRuns } from './queries.ts';

/** What was sent to which device, when and why, and what was refused? */
export function RecordView() {
  const [parameters] = useSearchParams();
  const change = useParameterChange();
  const state = parameters.get('state');
  const list = useRuns({ state: state ?? undefined });
  const runs = list.data?.pages.flatMap(({ items }) => items);
  const open = parameters.get('run');
  return (
    <Stack>
      <Select
        aria-label="What became of it"
        placeholder="All runs and refusals"
        clearable
        data={RUN_STATES}
        value={state}
        onChange={(value) => change('state', value)}
        maw={280}
      />
      {list.isPending && <LoadingState what="the runs" />}
      {runs === undefined && list.error !== null && <ErrorState error={list.error} onRetry={list.refetch} />}
      {runs?.length === 0 && (
        <EmptyState
          title="Nothing was sent"
          description="Every run of probes, every packet of it, and every refusal with its reason will stand here."
        />
      )}
      {runs !== undefined && runs.length > 0 && (
        <Table.ScrollContainer minWidth={760}>
          <Table aria-label="Runs and refusals, newest first" highlightOnHover>
            <TableHead
              columns={['When', 'Device', 'Why', 'What became of it', { title: 'Packets', isNumber: true }, 'Sent']}
            />
            <Table.Tbody>
              {runs.map((run) => (
                <RunRow key={run.id} run={run} onOpen={() => change('run', run.id)} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {list.hasNextPage && (
        <Group>
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            Show more
          </Button>
        </Group>
      )}
      <DetailDrawer title="Everything that was sent" id={open} onClose={() => change('run', null)}>
        {(id) => <Exchanges run={id} />}
      </DetailDrawer>
    </Stack>
  );
}

function RunRow({ run, onOpen }: { run: ProbeRun; onOpen: () => void }) {
  return (
    <Table.Tr>
      <Table.Td>
        <TimeText time={run.startedAt} />
      </Table.Td>
      <Table.Td>
        {run.assetId === undefined ? (
          run.ip
        ) : (
          <Anchor component={Link} to={`/assets/${encodeURIComponent(run.assetId)}`} size="sm">
            {run.ip}
          </Anchor>
        )}
      </Table.Td>
      <Table.Td>
        {OCCASIONS[run.occasion]}
        {run.by !== '' && (
          <Text size="xs" c="dimmed">
            {run.by}
          </Text>
        )}
      </Table.Td>
      <Table.Td maw={360}>
        <RunBadge state={run.state} />
        {run.reason !== '' && <Text size="xs">{run.reason}</Text>}
      </Table.Td>
      <Table.Td ta="right">{formatCount(run.packets)}</Table.Td>
      <Table.Td>
        {run.packets > 0 && (
          <Button size="compact-sm" variant="default" onClick={onOpen} aria-label={`Packets to ${run.ip}`}>
            Packets
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function Exchanges({ run }: { run: string }) {
  const list = useExchanges(run);
  const items = list.data?.pages.flatMap((page) => page.items);
  if (list.isPending) return <LoadingState what="the packets" />;
  if (items === undefined) return <ErrorState error={list.error} onRetry={list.refetch} />;
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text size="sm">
          {formatQuantity(items.length, 'entry', 'entries')}
          {list.hasNextPage && ' so far'}. Of answers only the length is kept.
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          onClick={() => saveCsv(run, items)}
        >
          CSV
        </Button>
      </Group>
      <Table.ScrollContainer minWidth={560}>
        <Table aria-label="What was sent and came back, in its order">
          <TableHead columns={['Time', 'Direction', 'Port', 'What', { title: 'Bytes', isNumber: true }]} />
          <Table.Tbody>
            {items.map((item) => (
              <Table.Tr key={item.sequence}>
                <Table.Td>{formatTime(item.time)}</Table.Td>
                <Table.Td>{item.direction === 'sent' ? 'to the device' : 'from it'}</Table.Td>
                <Table.Td>{`${item.transport} ${item.port}`}</Table.Td>
                <Table.Td maw={280} style={{ overflowWrap: 'anywhere' }}>
                  {item.what}
                  <Text size="xs" c="dimmed">
                    {item.probe}
                  </Text>
                </Table.Td>
                <Table.Td ta="right">{formatBytes(item.bytes)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {list.hasNextPage && (
        <Group>
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            Show more
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function saveCsv(run: string, items: readonly ProbeExchange[]): void {
  downloadCsv(
    `${run}.csv`,
    ['time', 'direction', 'transport', 'address', 'port', 'probe', 'what', 'packets', 'bytes', 'data (base 64)'],
    items.map(({ time, direction, transport, ip, port, probe, what, packets, bytes, data }) => [
      new Date(time).toISOString(),
      direction,
      transport,
      ip,
      port,
      probe,
      what,
      packets,
      bytes,
      data,
    ]),
  );
}
