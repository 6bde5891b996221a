import { Anchor, Button, Group, List, Stack, Table, Text } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { AssetSelect } from '../../components/asset-select.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { useParameterChange } from '../../components/view-tabs.tsx';
import { accessText, DoneBadge, VERDICT_TITLES } from './gate-words.tsx';
import { type GateDecision, useDecisions } from './queries.ts';

/** What did the gate decide, what did it do, and why? */
export function DecisionsView() {
  const [parameters] = useSearchParams();
  const change = useParameterChange();
  const assetId = parameters.get('asset');
  const list = useDecisions(assetId);
  const items = list.data?.pages.flatMap((page) => page.items);
  return (
    <Stack>
      <AssetSelect
        label="Only decisions on"
        clearable
        value={assetId}
        onChange={(id) => change('asset', id)}
        maw={360}
      />
      {list.isPending && <LoadingState what="the decisions" />}
      {items === undefined && list.error !== null && <ErrorState error={list.error} onRetry={list.refetch} />}
      {items?.length === 0 && (
        <EmptyState
          title="No decision yet"
          description="The gate decides when the verdict on a device of the hospital changes, and when a switch asks by RADIUS. Generated sample traffic is nobody’s device."
        />
      )}
      {items !== undefined && items.length > 0 && <DecisionTable items={items} />}
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

function DecisionTable({ items }: { items: readonly GateDecision[] }) {
  return (
    <Table.ScrollContainer minWidth={820}>
      <Table aria-label="Decisions, newest first" highlightOnHover>
        <TableHead columns={['When', 'Device', 'Verdict', 'Asked for', 'Done', 'Why']} />
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={item.id}>
              <Table.Td>
                <TimeText time={item.time} />
              </Table.Td>
              <Table.Td>
                {item.assetId === null ? (
                  item.mac
                ) : (
                  <Anchor component={Link} to={`/assets/${encodeURIComponent(item.assetId)}`} size="sm">
                    {item.assetName}
                  </Anchor>
                )}
                <Text size="xs" c="dimmed">
                  {item.client === '' ? 'its verdict changed' : `asked by ${item.client}`}
                </Text>
              </Table.Td>
              <Table.Td>{VERDICT_TITLES[item.verdict] ?? item.verdict}</Table.Td>
              <Table.Td>{accessText(item.asked)}</Table.Td>
              <Table.Td>
                {accessText(item.done)}
                <br />
                <DoneBadge decision={item} />
              </Table.Td>
              <Table.Td maw={300}>
                <List size="xs">
                  {[...item.reasons, ...item.faults].map((reason) => (
                    <List.Item key={reason}>{reason}</List.Item>
                  ))}
                </List>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
