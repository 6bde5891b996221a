import { Anchor, SegmentedControl, Table, Text } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { formatCount } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { useParameterChange } from '../../components/view-tabs.tsx';
import { GROUPINGS, type Grouping, useGroups, type WeaknessGroup } from './queries.ts';

const TITLES: Readonly<Record<Grouping, string>> = {
  asset: 'Device',
  ward: 'Ward',
  vendor: 'Maker',
  kind: 'Kind',
  zone: 'Zone',
  component: 'Software',
  owner: 'Owner',
};

/** Where the weaknesses are. */
export function GroupsView() {
  const [parameters] = useSearchParams();
  const set = useParameterChange();
  const by = GROUPINGS.find((one) => one === parameters.get('by')) ?? 'asset';
  const { data, error, refetch } = useGroups(by);
  return (
    <>
      <SegmentedControl
        mb="md"
        aria-label="Grouped by"
        value={by}
        onChange={(value) => set('by', value)}
        data={GROUPINGS.map((value) => ({ value, label: TITLES[value] }))}
      />
      {data === undefined ? (
        error === null ? (
          <LoadingState what="the groups" />
        ) : (
          <ErrorState error={error} onRetry={refetch} />
        )
      ) : data.items.length === 0 ? (
        <EmptyState title="Nothing open" description="No device has a weakness that is open or in progress." />
      ) : (
        <GroupTable by={by} groups={data.items} />
      )}
    </>
  );
}

const COUNTS: readonly { readonly title: string; readonly of: (group: WeaknessGroup) => number }[] = [
  { title: 'Act', of: ({ decisions }) => decisions.act },
  { title: 'Attend', of: ({ decisions }) => decisions.attend },
  { title: 'Known exploited', of: ({ knownExploited }) => knownExploited },
  { title: 'Overdue', of: ({ overdue }) => overdue },
  { title: 'Unclear', of: ({ possiblyAffected }) => possiblyAffected },
  { title: 'Weaknesses', of: ({ weaknesses }) => weaknesses },
  { title: 'Devices', of: ({ assets }) => assets },
];

function GroupTable({ by, groups }: { by: Grouping; groups: readonly WeaknessGroup[] }) {
  // One device is one device.
  const counts = by === 'asset' ? COUNTS.filter(({ title }) => title !== 'Devices') : COUNTS;
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label={`Weaknesses by ${TITLES[by].toLowerCase()}`} highlightOnHover>
        <TableHead columns={[TITLES[by], ...counts.map(({ title }) => ({ title, isNumber: true }))]} />
        <Table.Tbody>
          {groups.map((group) => (
            <Table.Tr key={group.key}>
              <Table.Td>
                <GroupName by={by} group={group} />
              </Table.Td>
              {counts.map(({ title, of }) => (
                <Table.Td key={title} ta="right">
                  {of(group) === 0 ? (
                    <Text size="sm" c="dimmed">
                      0
                    </Text>
                  ) : (
                    formatCount(of(group))
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function GroupName({ by, group: { key, title } }: { by: Grouping; group: WeaknessGroup }) {
  if (key === '') return <Text size="sm">not known</Text>;
  if (by === 'component') return <Text size="sm">{title}</Text>;
  const to = by === 'asset' ? `/assets/${encodeURIComponent(key)}` : `/weaknesses?${by}=${encodeURIComponent(key)}`;
  return (
    <Anchor component={Link} to={to} size="sm">
      {title}
    </Anchor>
  );
}
