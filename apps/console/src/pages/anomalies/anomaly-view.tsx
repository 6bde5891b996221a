import { Anchor, Button, Group, SegmentedControl, Select, Table, Text } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { SampleBadge, SeverityBadge } from '../../components/badges.tsx';
import { DetailDrawer } from '../../components/detail-drawer.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { useParameterChange } from '../../components/view-tabs.tsx';
import { HolderText } from '../explorer/holder-text.tsx';
import { useAddressHolders } from '../explorer/queries.ts';
import { AnomalyDetail } from './anomaly-detail.tsx';
import { VERDICT_TITLES } from './anomaly-words.ts';
import { type Anomaly, useAnomalies, useDetectors } from './queries.ts';

/** What was unlike itself, the latest first. */
export function AnomalyView() {
  const [parameters] = useSearchParams();
  const set = useParameterChange();
  const said = parameters.get('said') ?? 'open';
  const detector = parameters.get('detector') ?? undefined;
  const detectors = useDetectors().data?.items ?? [];
  const list = useAnomalies({ verdict: said === 'all' ? undefined : said, detector });
  const items = list.data?.pages.flatMap((page) => page.items);
  const open = items?.find(({ id }) => id === parameters.get('anomaly'));
  return (
    <>
      <Group mb="md">
        <SegmentedControl
          aria-label="What people have said"
          data={[
            ...Object.entries(VERDICT_TITLES).map(([value, label]) => ({ value, label })),
            { value: 'all', label: 'All' },
          ]}
          value={said}
          onChange={(value) => set('said', value === 'open' ? null : value)}
        />
        <Select
          aria-label="Detector"
          placeholder="All detectors"
          clearable
          searchable
          w={320}
          data={detectors.map(({ id, title }) => ({ value: id, label: title }))}
          value={detector ?? null}
          onChange={(value) => set('detector', value)}
        />
      </Group>
      {list.isPending && <LoadingState what="the anomalies" />}
      {items === undefined && list.error !== null && <ErrorState error={list.error} onRetry={list.refetch} />}
      {items?.length === 0 && (
        <EmptyState
          title="Nothing is unlike itself"
          description="Every device is watched from its first hour on: first against hospitals in general and its kind, after some days against itself."
          action={
            <Button component={Link} to="/sources" variant="default">
              To the sources
            </Button>
          }
        />
      )}
      {items !== undefined && items.length > 0 && <AnomalyTable anomalies={items} hasVerdict={said === 'all'} />}
      {list.hasNextPage && (
        <Button mt="sm" variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          Show more
        </Button>
      )}
      <DetailDrawer
        title={open?.title ?? 'Anomaly'}
        id={parameters.get('anomaly')}
        onClose={() => set('anomaly', null)}
      >
        {(id) => <AnomalyDetail key={id} id={id} />}
      </DetailDrawer>
    </>
  );
}

function AnomalyTable({ anomalies, hasVerdict }: { anomalies: readonly Anomaly[]; hasVerdict: boolean }) {
  const said = hasVerdict ? ['Said'] : [];
  const holders = useAddressHolders();
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Anomalies, the latest first" verticalSpacing={6}>
        <TableHead columns={['Last seen', 'Severity', 'What', 'Who', 'Seen and expected', 'How rare', ...said]} />
        <Table.Tbody>
          {anomalies.map((each) => (
            <Table.Tr key={each.id}>
              <Table.Td>
                <Group gap={6} wrap="nowrap">
                  <TimeText time={each.lastSeen} />
                  {each.isSample && <SampleBadge />}
                </Group>
              </Table.Td>
              <Table.Td>
                <SeverityBadge severity={each.severity} />
              </Table.Td>
              <Table.Td maw={240}>
                <Anchor component={Link} to={`/anomalies?said=all&anomaly=${encodeURIComponent(each.id)}`} size="sm">
                  {each.title}
                </Anchor>
              </Table.Td>
              <Table.Td>
                <HolderText ip={each.actor} holder={holders.get(each.actor)} />
              </Table.Td>
              <Table.Td maw={380}>
                <Text size="sm">{each.seen}</Text>
                <Text size="xs" c="dimmed">
                  {each.expected}
                </Text>
              </Table.Td>
              <Table.Td maw={160}>{each.howRare}</Table.Td>
              {hasVerdict && <Table.Td>{VERDICT_TITLES[each.verdict ?? 'open']}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
