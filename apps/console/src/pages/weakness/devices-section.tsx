import { Anchor, Badge, Button, Checkbox, Group, Select, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useMay } from '../../api/session.ts';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { Section } from '../asset/section.tsx';
import { type Finding, useFindings } from '../weaknesses/queries.ts';
import { DecisionBadge, STATUS_TITLES } from '../weaknesses/weakness-words.tsx';
import { FindingDrawer } from './finding-drawer.tsx';
import { LastAction } from './last-action.tsx';
import { SettleDialog } from './settle-dialog.tsx';
import { TicketDialog } from './ticket-dialog.tsx';

const STATUSES = [
  { value: 'unsettled', label: 'Open or in progress' },
  { value: 'all', label: 'Any status' },
];

/** Who has it, what is made of it, and what to make of it. */
export function DevicesSection({ weakness }: { weakness: string }) {
  const [status, setStatus] = useState('all');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [dialog, setDialog] = useState<'settle' | 'ticket' | null>(null);
  const [opened, setOpened] = useState<string | null>(null);
  const [action, setAction] = useState<string | null>(null);
  const mayWrite = useMay('weaknesses:write');
  const list = useFindings({ weakness, status });
  const items = list.data?.pages.flatMap((page) => page.items);
  const targets = { weakness, ...(chosen.length === 0 ? {} : { assetIds: chosen }) };
  const aside = (
    <Select
      aria-label="Status"
      size="xs"
      w={180}
      data={STATUSES}
      value={status}
      allowDeselect={false}
      onChange={(value) => setStatus(value ?? 'all')}
    />
  );
  return (
    <Section title="Who has it?" aside={aside}>
      {list.isPending && <LoadingState what="the devices" />}
      {items === undefined && list.error !== null && <ErrorState error={list.error} onRetry={list.refetch} />}
      {items?.length === 0 && <Text c="dimmed">No device that is known here.</Text>}
      {items !== undefined && items.length > 0 && (
        <Stack gap="sm">
          {mayWrite && (
            <Group gap="xs">
              <Button size="xs" onClick={() => setDialog('settle')}>
                {chosen.length === 0 ? 'Settle for all devices' : `Settle for ${chosen.length} chosen`}
              </Button>
              <Button size="xs" variant="default" onClick={() => setDialog('ticket')}>
                Send a ticket
              </Button>
            </Group>
          )}
          {action !== null && <LastAction id={action} onDone={() => setAction(null)} />}
          <FindingTable
            items={items}
            chosen={chosen}
            mayWrite={mayWrite}
            onChoose={(id, isChosen) => setChosen((ids) => (isChosen ? [...ids, id] : ids.filter((one) => one !== id)))}
            onOpen={setOpened}
          />
          {list.hasNextPage && (
            <Group>
              <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
                Show more
              </Button>
            </Group>
          )}
        </Stack>
      )}
      {dialog === 'settle' && (
        <SettleDialog
          targets={targets}
          onClose={() => setDialog(null)}
          onDone={({ actionId }) => {
            setDialog(null);
            setChosen([]);
            setAction(actionId);
          }}
        />
      )}
      {dialog === 'ticket' && <TicketDialog targets={targets} onClose={() => setDialog(null)} />}
      <FindingDrawer
        finding={items?.find(({ assetId }) => assetId === opened)}
        id={opened}
        onClose={() => setOpened(null)}
      />
    </Section>
  );
}

function FindingTable(props: {
  items: readonly Finding[];
  chosen: readonly string[];
  mayWrite: boolean;
  onChoose: (id: string, isChosen: boolean) => void;
  onOpen: (id: string) => void;
}) {
  const { items, chosen, mayWrite, onChoose, onOpen } = props;
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table aria-label="Devices with this weakness, most urgent first" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            {mayWrite && <Table.Th>Choose</Table.Th>}
            <Table.Th>Device</Table.Th>
            <Table.Th>Decision</Table.Th>
            <Table.Th>Rests on</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Due</Table.Th>
            <Table.Th>Details</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={item.assetId}>
              {mayWrite && (
                <Table.Td>
                  <Checkbox
                    aria-label={`Choose ${item.assetName}`}
                    checked={chosen.includes(item.assetId)}
                    onChange={(event) => onChoose(item.assetId, event.currentTarget.checked)}
                  />
                </Table.Td>
              )}
              <Table.Td>
                <Anchor component={Link} to={`/assets/${encodeURIComponent(item.assetId)}`} size="sm">
                  {item.assetName}
                </Anchor>
                <Text size="xs" c="dimmed">
                  {[item.ward, item.vendor].filter(Boolean).join(' · ')}
                </Text>
              </Table.Td>
              <Table.Td>
                <DecisionBadge decision={item.decision} />
              </Table.Td>
              <Table.Td maw={300}>
                <PresenceText finding={item} />
              </Table.Td>
              <Table.Td>{STATUS_TITLES[item.status]}</Table.Td>
              <Table.Td>
                {item.dueAt === null ? '' : <TimeText time={item.dueAt} />}
                {item.isOverdue && (
                  <Badge color="red" variant="outline" size="xs" tt="none">
                    overdue
                  </Badge>
                )}
              </Table.Td>
              <Table.Td>
                <Anchor
                  component="button"
                  type="button"
                  size="sm"
                  aria-label={`Details of ${item.assetName}`}
                  onClick={() => onOpen(item.assetId)}
                >
                  Details
                </Anchor>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

export function PresenceText({ finding }: { finding: Finding }) {
  const { presence, because, component } = finding;
  return (
    <>
      <Text size="sm" lineClamp={2}>
        {[component.vendor, component.name, component.version].filter(Boolean).join(' ')}
      </Text>
      <Text size="xs" c="dimmed" lineClamp={2}>
        {presence === 'affected' ? '' : 'Unclear: '}
        {because}
      </Text>
    </>
  );
}
