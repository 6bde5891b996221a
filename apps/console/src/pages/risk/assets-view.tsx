import { Anchor, Button, Group, Select, Table, Text, TextInput } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { SampleBadge } from '../../components/badges.tsx';
import { formatCount } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { useParameterChange } from '../../components/view-tabs.tsx';
import { type AssetRisk, useAssetRisks } from './queries.ts';
import { LEVELS, LevelBadge, percent } from './risk-words.tsx';

const LEVEL_CHOICES = (['very-high', 'high', 'moderate', 'low'] as const).map((value) => ({
  value,
  label: `${LEVELS[value].title}${value === 'very-high' ? '' : ' and above'}`,
}));

/** Which devices are most at risk? */
export function AssetsView() {
  const [parameters] = useSearchParams();
  const set = useParameterChange();
  const search = parameters.get('search') ?? '';
  const level = parameters.get('level');
  const list = useAssetRisks({ search: search === '' ? undefined : search, level: level ?? undefined });
  const items = list.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <Group mb="sm" align="end">
        <TextInput
          label="Search"
          placeholder="Name, kind, zone or care area"
          value={search}
          onChange={({ currentTarget }) => set('search', currentTarget.value === '' ? null : currentTarget.value)}
          w={300}
        />
        <Select
          label="Risk"
          placeholder="Any"
          clearable
          data={LEVEL_CHOICES}
          value={level}
          onChange={(value) => set('level', value)}
          w={200}
        />
      </Group>
      {items === undefined && list.error === null && <LoadingState what="the devices" />}
      {items === undefined && list.error !== null && <ErrorState error={list.error} onRetry={list.refetch} />}
      {items?.length === 0 && (
        <EmptyState title="No device fits" description="Leave a filter out, or connect a source of traffic." />
      )}
      {items !== undefined && items.length > 0 && <AssetTable items={items} />}
      {list.hasNextPage && (
        <Button
          mt="sm"
          variant="default"
          size="xs"
          loading={list.isFetchingNextPage}
          onClick={() => list.fetchNextPage()}
        >
          More
        </Button>
      )}
    </>
  );
}

function AssetTable({ items }: { items: readonly AssetRisk[] }) {
  const [parameters] = useSearchParams();
  const toAsset = (id: string) => {
    const next = new URLSearchParams(parameters);
    next.set('asset', id);
    return `?${next}`;
  };
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Devices by risk, the worst first" verticalSpacing={6}>
        <TableHead
          columns={[
            'Device',
            'Risk',
            { title: 'Compromised within 30 days', isNumber: true },
            'Above all by',
            { title: 'Evidence', isNumber: true },
            'Care area',
          ]}
        />
        <Table.Tbody>
          {items.map((each) => (
            <Table.Tr key={each.id}>
              <Table.Td>
                <Group gap={6} wrap="nowrap">
                  <Anchor component={Link} to={toAsset(each.id)} preventScrollReset size="sm">
                    {each.name}
                  </Anchor>
                  {each.isSample && <SampleBadge />}
                </Group>
                <Text size="xs" c="dimmed">
                  {[each.kind, each.zone].filter(Boolean).join(' · ')}
                </Text>
              </Table.Td>
              <Table.Td>
                <LevelBadge level={each.level} />
              </Table.Td>
              <Table.Td ta="right">{percent(each.probability)}</Table.Td>
              <Table.Td>{each.threat}</Table.Td>
              <Table.Td ta="right">{each.signals === 0 ? 'none' : formatCount(each.signals)}</Table.Td>
              <Table.Td>{each.careArea}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
