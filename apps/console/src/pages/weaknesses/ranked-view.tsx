import { Anchor, Button, Checkbox, Group, Stack, Table, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { SeverityBadge } from '../../components/badges.tsx';
import { downloadCsv } from '../../components/csv.ts';
import { formatCount } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { FindingFilters, useFindingFilter } from './finding-filters.tsx';
import { type RankedWeakness, useWeaknesses, useWeaknessSummary } from './queries.ts';
import { AffectedText, DecisionBadge, ExploitedBadge, percentText, reasonsBeside } from './weakness-words.tsx';
import { WhatIfPanel } from './what-if-panel.tsx';

/** One list, those first that matter most here. */
export function RankedView() {
  const { query, isNarrowed } = useFindingFilter();
  const list = useWeaknesses(query);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const items = list.data?.pages.flatMap((page) => page.items);
  const total = list.data?.pages[0]?.total ?? 0;
  const choose = (id: string, isChosen: boolean) =>
    setChosen((ids) => (isChosen ? [...ids, id] : ids.filter((one) => one !== id)));
  return (
    <>
      <FindingFilters />
      {list.isPending && <LoadingState what="the weaknesses" />}
      {items === undefined && list.error !== null && <ErrorState error={list.error} onRetry={list.refetch} />}
      {items?.length === 0 && <None isNarrowed={isNarrowed} />}
      {items !== undefined && items.length > 0 && (
        <Stack gap="sm">
          <Group justify="space-between">
            <Text size="sm" role="status">
              {total === 1 ? '1 weakness' : `${formatCount(total)} weaknesses`}
              {items.length < total && `, the first ${formatCount(items.length)} of them shown`}
            </Text>
            <Group gap="xs">
              {chosen.length === 0 && (
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => setChosen(items.slice(0, 5).map(({ weakness }) => weakness))}
                >
                  {items.length === 1 ? 'What if we fix it?' : `What if we fix the first ${Math.min(5, items.length)}?`}
                </Button>
              )}
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconDownload size={14} aria-hidden />}
                onClick={() => saveCsv(items)}
              >
                CSV
              </Button>
            </Group>
          </Group>
          {chosen.length > 0 && <WhatIfPanel weaknesses={chosen} onClear={() => setChosen([])} />}
          <RankedTable items={items} chosen={chosen} onChoose={choose} />
          {list.hasNextPage && (
            <Group>
              <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
                Show more
              </Button>
            </Group>
          )}
        </Stack>
      )}
    </>
  );
}

function None({ isNarrowed }: { isNarrowed: boolean }) {
  const assessed = useWeaknessSummary().data?.assessedAssets ?? 0;
  if (isNarrowed)
    return <EmptyState title="No weakness fits" description="Choose other words, or leave a filter out." />;
  return assessed === 0 ? (
    <EmptyState
      title="No device has been compared yet"
      description="Devices are compared by themselves as soon as they are seen. Add a traffic source first."
      action={
        <Button component={Link} to="/sources">
          Add a traffic source
        </Button>
      }
    />
  ) : (
    <EmptyState
      title="No known weakness"
      description="None of the advisories in use fits what is known of the devices. More advisories come with feeds, more about devices with lists of their software."
      action={
        <Button component={Link} to="/feeds" variant="default">
          Feeds
        </Button>
      }
    />
  );
}

function RankedTable(props: {
  items: readonly RankedWeakness[];
  chosen: readonly string[];
  onChoose: (id: string, isChosen: boolean) => void;
}) {
  const { items, chosen, onChoose } = props;
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Weaknesses, most urgent first" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>What if</Table.Th>
            <Table.Th>Weakness</Table.Th>
            <Table.Th>Decision</Table.Th>
            <Table.Th>Why</Table.Th>
            <Table.Th>Severity</Table.Th>
            <Table.Th ta="right">Devices</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={item.weakness}>
              <Table.Td>
                <Checkbox
                  aria-label={`What if ${item.weakness} were fixed`}
                  checked={chosen.includes(item.weakness)}
                  onChange={(event) => onChoose(item.weakness, event.currentTarget.checked)}
                />
              </Table.Td>
              <Table.Td maw={340}>
                <Anchor component={Link} to={`/weaknesses/${encodeURIComponent(item.weakness)}`} size="sm" fw={600}>
                  {item.weakness}
                </Anchor>
                <Text size="sm" lineClamp={2}>
                  {item.title}
                </Text>
              </Table.Td>
              <Table.Td>
                <DecisionBadge decision={item.decision} />
              </Table.Td>
              <Table.Td maw={300}>
                {item.isKnownExploited && <ExploitedBadge />}
                <Text size="xs" lineClamp={3}>
                  {reasonsBeside(item.reasons, item.isKnownExploited).slice(0, 3).join('. ')}
                </Text>
                <Text size="xs" c="dimmed">
                  {remarksOf(item)}
                </Text>
              </Table.Td>
              <Table.Td>
                <Group gap={6} wrap="nowrap">
                  <SeverityBadge severity={item.severity} />
                  {item.baseScore !== null && <Text size="sm">{item.baseScore.toFixed(1)}</Text>}
                </Group>
              </Table.Td>
              <Table.Td ta="right">
                <AffectedText {...item} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function remarksOf({ exploitProbability, hasFix, overdue }: RankedWeakness): string {
  return [
    exploitProbability === null ? '' : `${percentText(exploitProbability)} likely to be exploited within 30 days`,
    hasFix ? 'a fix is named' : 'no fix is named',
    overdue > 0 ? `${formatCount(overdue)} overdue` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

function saveCsv(items: readonly RankedWeakness[]): void {
  downloadCsv(
    'weaknesses.csv',
    [
      'weakness',
      'title',
      'decision',
      'severity',
      'base score',
      'known exploited',
      'EPSS',
      'fix',
      'affected',
      'unclear',
      'overdue',
      'reasons',
    ],
    items.map((item) => [
      item.weakness,
      item.title,
      item.decision,
      item.severity,
      item.baseScore,
      item.isKnownExploited ? 'yes' : 'no',
      item.exploitProbability,
      item.hasFix ? 'yes' : 'no',
      item.affected,
      item.possiblyAffected,
      item.overdue,
      item.reasons.join('; '),
    ]),
  );
}
