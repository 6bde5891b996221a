import { Anchor, Badge, Button, Group, Select, SimpleGrid, Stack, Switch, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { apiUrl } from '../../api/request.ts';
import { SeverityBadge } from '../../components/badges.tsx';
import { DelayedTextInput } from '../../components/delayed-text-input.tsx';
import { DetailDrawer } from '../../components/detail-drawer.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { formatCount } from '../../components/format.ts';
import { EmptyState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { useParameterChange } from '../../components/view-tabs.tsx';
import { EventDetail } from './event-detail.tsx';
import { HistogramChart } from './histogram-chart.tsx';
import { type LogEvent, type LogQuery, useEvents, useValues } from './queries.ts';
import { SavedSearchBar } from './saved-search-bar.tsx';
import { useTail } from './use-tail.ts';

const RANGES = [
  { value: '1', label: 'Last hour' },
  { value: '24', label: 'Last day' },
  { value: '168', label: 'Last week' },
  { value: '720', label: 'Last 30 days' },
  { value: '8760', label: 'Last year' },
];
const COLUMNS = [
  { id: 'format', title: 'Format' },
  { id: 'device_host', title: 'Host' },
  { id: 'actor_user', title: 'User' },
  { id: 'src_ip', title: 'From' },
] as const;

/** Finding events: query, when, what values, and the events themselves. */
export function SearchView() {
  const [parameters] = useSearchParams();
  const set = useParameterChange();
  const [isLive, setLive] = useState(false);
  const query: LogQuery = { query: parameters.get('query') ?? '', hours: Number(parameters.get('hours') ?? 24) || 24 };
  const list = useEvents(query);
  const tail = useTail(query.query, isLive);
  const stored = list.data?.pages.flatMap((page) => page.items) ?? [];
  const known = new Set(stored.map(({ log_id }) => log_id));
  const events = isLive ? [...tail.filter(({ log_id }) => !known.has(log_id)), ...stored] : stored;
  const add = (term: string) => set('query', query.query === '' ? term : `${query.query} ${term}`);
  return (
    <Stack gap="sm">
      <Group align="end">
        <DelayedTextInput
          label="Query"
          placeholder="status:failure AND user:k.wolf"
          style={{ flexGrow: 1 }}
          value={query.query}
          onChange={(text) => set('query', text === '' ? null : text)}
        />
        <Select
          label="Time"
          data={RANGES}
          allowDeselect={false}
          value={String(query.hours)}
          onChange={(value) => set('hours', value)}
        />
        <Switch label="Live" mb={8} checked={isLive} onChange={({ currentTarget }) => setLive(currentTarget.checked)} />
        <Anchor size="sm" mb={8} href={apiUrl('/logs/export', { query: query.query, format: 'csv' })} download>
          Export as CSV
        </Anchor>
      </Group>
      <SavedSearchBar query={query.query} />
      <ErrorText error={list.error} />
      <HistogramChart query={query} />
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
        {COLUMNS.map((column) => (
          <TopValues key={column.id} {...column} query={query} onChoose={add} />
        ))}
      </SimpleGrid>
      {list.isPending && <LoadingState what="the events" />}
      {list.isSuccess && events.length === 0 && (
        <EmptyState
          title="No event fits"
          description="Take a longer time, leave a word out, or send logs: the settings of log collection open syslog and GELF, a token opens HTTP."
        />
      )}
      {events.length > 0 && <EventTable events={events} />}
      {list.hasNextPage && (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </Stack>
  );
}

function TopValues(props: { id: string; title: string; query: LogQuery; onChoose: (term: string) => void }) {
  const { id, title, query, onChoose } = props;
  const { data } = useValues(query, id);
  const values = data?.values ?? [];
  return (
    <section aria-label={`Most frequent: ${title}`}>
      <Text size="sm" fw={500}>
        {title}
      </Text>
      {values.length === 0 && (
        <Text size="sm" c="dimmed">
          none
        </Text>
      )}
      {values.map(({ value, count }) => (
        <Group key={value} justify="space-between" wrap="nowrap" gap={4}>
          <Anchor component="button" size="sm" ta="left" onClick={() => onChoose(`${id}:${JSON.stringify(value)}`)}>
            {value}
          </Anchor>
          <Text size="sm" c="dimmed">
            {formatCount(count)}
          </Text>
        </Group>
      ))}
    </section>
  );
}

function EventTable({ events }: { events: readonly LogEvent[] }) {
  const [opened, setOpened] = useState<string | null>(null);
  const event = events.find(({ log_id }) => log_id === opened);
  return (
    <>
      <Table.ScrollContainer minWidth={900}>
        <Table aria-label="Events, newest first" verticalSpacing={4} highlightOnHover>
          <TableHead columns={['When', 'Severity', 'Host', 'Program', 'User', 'From', 'What', 'Format']} />
          <Table.Tbody>
            {events.map((each) => (
              <Table.Tr key={each.log_id}>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>
                  <TimeText time={each.time} />
                </Table.Td>
                <Table.Td>
                  <SeverityBadge severity={each.severity} />
                </Table.Td>
                <Table.Td>{each.device_host || each.device_ip}</Table.Td>
                <Table.Td>{each.service}</Table.Td>
                <Table.Td>{each.actor_user}</Table.Td>
                <Table.Td>{each.src_ip}</Table.Td>
                <Table.Td maw={420}>
                  <Anchor component="button" size="sm" ta="left" lineClamp={2} onClick={() => setOpened(each.log_id)}>
                    {each.message || each.raw || each.log_id}
                  </Anchor>
                </Table.Td>
                <Table.Td>{each.format === '' ? <Badge color="gray">unparsed</Badge> : each.format}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <DetailDrawer title="Event" id={event === undefined ? null : event.log_id} onClose={() => setOpened(null)}>
        {() => event !== undefined && <EventDetail event={event} />}
      </DetailDrawer>
    </>
  );
}
