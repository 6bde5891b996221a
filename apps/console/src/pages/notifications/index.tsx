import { Badge, Button, Group, Modal, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { useIncidentChange } from '../incidents/queries.ts';
import { ChannelForm } from './channel-form.tsx';
import { type Channel, removeChannel, testChannel, useChannels, useDeliveries } from './queries.ts';
import { KIND_TITLES } from './target-inputs.tsx';

/** Who is told of incidents, how, and did it arrive? */
export default function NotificationsPage() {
  const { data, error, refetch } = useChannels();
  const [edited, setEdited] = useState<Channel | 'new' | null>(null);
  const close = () => setEdited(null);
  return (
    <Stack gap="md">
      <PageHeader
        title="Notifications"
        description="Who is told of incidents, and how. A message is kept until it was told."
        actions={<Button onClick={() => setEdited('new')}>Add a channel</Button>}
      />
      {data === undefined && error === null && <LoadingState what="the channels" />}
      {data === undefined && error !== null && <ErrorState error={error} onRetry={refetch} />}
      {data?.items.length === 0 && (
        <EmptyState
          title="Nobody is told yet"
          description="Add a channel: mail, a webhook, Teams, Slack, Matrix, syslog or CEF."
        />
      )}
      {data !== undefined && data.items.length > 0 && <ChannelTable channels={data.items} onEdit={setEdited} />}
      <Deliveries channels={data?.items ?? []} />
      <Modal
        opened={edited !== null}
        onClose={close}
        size="xl"
        title={edited === 'new' ? 'Add a channel' : 'Change the channel'}
        centered
      >
        {edited !== null && <ChannelForm channel={edited === 'new' ? undefined : edited} onDone={close} />}
      </Modal>
    </Stack>
  );
}

function ChannelTable({ channels, onEdit }: { channels: readonly Channel[]; onEdit: (channel: Channel) => void }) {
  const remove = useIncidentChange(removeChannel);
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Channels" verticalSpacing={6}>
        <TableHead columns={['Name', 'Kind', 'Tells', 'Quiet', 'What to do']} />
        <Table.Tbody>
          {channels.map((channel) => (
            <Table.Tr key={channel.id}>
              <Table.Td>
                {channel.name}
                {!channel.isEnabled && (
                  <Badge color="gray.7" tt="none" ml={6}>
                    off
                  </Badge>
                )}
              </Table.Td>
              <Table.Td>{KIND_TITLES[channel.target.kind]}</Table.Td>
              <Table.Td>
                from {channel.leastSeverity} on, {channel.events.join(', ')}
              </Table.Td>
              <Table.Td>
                {channel.quietHours === null ? 'never' : `${channel.quietHours.from} to ${channel.quietHours.until}`}
              </Table.Td>
              <Table.Td>
                <Group gap={6}>
                  <TestButton channel={channel} />
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={`Change ${channel.name}`}
                    onClick={() => onEdit(channel)}
                  >
                    Change
                  </Button>
                  <ConfirmButton
                    size="compact-sm"
                    variant="default"
                    question={`Remove ${channel.name}?`}
                    consequence="Nobody is told over it any more; what waits for it is dropped."
                    confirmLabel="Remove"
                    onConfirm={() => remove.mutateAsync(channel.id)}
                  >
                    Remove
                  </ConfirmButton>
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function TestButton({ channel }: { channel: Channel }) {
  const [result, setResult] = useState('');
  const test = useIncidentChange(async () => {
    const { isTold, error } = await testChannel(channel.id);
    setResult(isTold ? 'It was taken.' : `Not told: ${error}`);
  });
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`Test ${channel.name}`}
        loading={test.isPending}
        onClick={() => test.mutate(undefined)}
      >
        Test
      </Button>
      <Text size="xs" role="status">
        {result}
      </Text>
    </>
  );
}

const STATES = { waiting: 'waits', told: 'told', 'given-up': 'given up' } as const;

function Deliveries({ channels }: { channels: readonly Channel[] }) {
  const list = useDeliveries();
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const names = new Map(channels.map(({ id, name }) => [id, name]));
  if (items.length === 0) return null;
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        What was told
      </Title>
      <Table.ScrollContainer minWidth={760}>
        <Table aria-label="What was told, newest first" verticalSpacing={4}>
          <TableHead
            columns={['Incident', 'Channel', 'State', 'When', { title: 'Attempts', isNumber: true }, 'Why not']}
          />
          <Table.Tbody>
            {items.map((each) => (
              <Table.Tr key={each.id}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  {each.event}: {each.title}
                </Table.Td>
                <Table.Td>{names.get(each.channel) ?? 'removed'}</Table.Td>
                <Table.Td>{STATES[each.state]}</Table.Td>
                <Table.Td>
                  <TimeText time={each.toldAt ?? each.dueAt} />
                </Table.Td>
                <Table.Td ta="right">{each.attempts}</Table.Td>
                <Table.Td>{each.error}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {list.hasNextPage && (
        <Button mt="sm" variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </section>
  );
}
