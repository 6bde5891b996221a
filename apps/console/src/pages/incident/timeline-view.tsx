import { ActionIcon, Badge, Button, Chip, Group, Modal, Stack, Switch, Table, Text, TextInput } from '@mantine/core';
import { IconPin, IconPinFilled } from '@tabler/icons-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useMay } from '../../api/session.ts';
import { DelayedTextInput } from '../../components/delayed-text-input.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { formatQuantity } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { useParameterChange } from '../../components/view-tabs.tsx';
import { type IncidentDetail, useIncidentChange } from '../incidents/queries.ts';
import { pinEntry, TIMELINE_KINDS, type TimelineEntry, unmaskTimeline, useTimeline } from './evidence-queries.ts';

const KIND_TITLES: Readonly<Record<TimelineEntry['kind'], string>> = {
  alert: 'Alerts',
  work: 'Work',
  response: 'Response',
  device: 'Devices',
  weakness: 'Weaknesses',
  file: 'Files',
  record: 'Protocols',
  flow: 'Flows',
  log: 'Logs',
  'log-event': 'Added logs',
};

/** Everything known of the time around the incident. */
export function TimelineView({ incident }: { incident: IncidentDetail }) {
  const [parameters] = useSearchParams();
  const set = useParameterChange();
  const kinds = (parameters.get('kinds') ?? TIMELINE_KINDS.join(',')).split(',');
  const search = parameters.get('search') ?? undefined;
  const isPinned = parameters.get('pinned') === 'yes';
  const { data, error, refetch } = useTimeline(incident.id, {
    kinds: kinds.join(','),
    search,
    ...(isPinned ? { isPinned } : {}),
  });
  const [unmasked, setUnmasked] = useState<readonly TimelineEntry[] | null>(null);
  const entries = unmasked ?? data?.items;
  return (
    <>
      <Group align="end" gap="sm" mb="md" role="search" aria-label="Time line">
        <DelayedTextInput
          label="Search"
          placeholder="words of the time line"
          w={200}
          value={search ?? ''}
          onChange={(text) => set('search', text.trim() === '' ? null : text.trim())}
        />
        <Chip.Group multiple value={kinds} onChange={(value) => set('kinds', value.join(',') || 'alert')}>
          <Group gap={6} mb={4}>
            {TIMELINE_KINDS.map((kind) => (
              <Chip key={kind} value={kind} size="xs" variant="outline">
                {KIND_TITLES[kind]}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        <Switch
          label="Only what is pinned"
          mb={6}
          checked={isPinned}
          onChange={({ currentTarget }) => set('pinned', currentTarget.checked ? 'yes' : null)}
        />
        <UnmaskButton incident={incident} onUnmasked={setUnmasked} />
      </Group>
      {entries === undefined && error === null && <LoadingState what="the time line" />}
      {entries === undefined && error !== null && <ErrorState error={error} onRetry={refetch} />}
      {entries?.length === 0 && <EmptyState title="Nothing fits" description="Choose other words, or more kinds." />}
      {entries !== undefined && entries.length > 0 && <Entries incident={incident} entries={entries} />}
      {unmasked === null && data !== undefined && data.nextCursor !== null && (
        <Text size="sm">
          Only the first {formatQuantity(data.items.length, 'entry', 'entries')} are shown: search, or choose fewer
          kinds.
        </Text>
      )}
    </>
  );
}

function Entries({ incident, entries }: { incident: IncidentDetail; entries: readonly TimelineEntry[] }) {
  const mayWrite = useMay('incidents:write');
  const pin = useIncidentChange(({ entry, isPinned }: { entry: string; isPinned: boolean }) =>
    pinEntry(incident.id, entry, isPinned),
  );
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Time line, oldest first" verticalSpacing={4}>
        <TableHead columns={['When', 'Kind', 'What', 'Pin']} />
        <Table.Tbody>
          {entries.map((entry) => (
            <Table.Tr key={entry.id}>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>{formatTime(entry.time)}</Table.Td>
              <Table.Td>
                <Badge color="gray.7" tt="none" size="sm" flex="none" miw="max-content">
                  {KIND_TITLES[entry.kind]}
                </Badge>
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <Text size="sm">{entry.title}</Text>
                <Text size="xs" c="dimmed">
                  {entry.detail}
                </Text>
              </Table.Td>
              <Table.Td>
                {mayWrite && (
                  <ActionIcon
                    variant="subtle"
                    aria-label={`${entry.isPinned ? 'Take out the pin of' : 'Pin'} ${entry.title}`}
                    onClick={() => pin.mutate({ entry: entry.id, isPinned: !entry.isPinned })}
                  >
                    {entry.isPinned ? <IconPinFilled size={16} /> : <IconPin size={16} />}
                  </ActionIcon>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function UnmaskButton(props: { incident: IncidentDetail; onUnmasked: (entries: readonly TimelineEntry[]) => void }) {
  const { incident, onUnmasked } = props;
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const unmask = useIncidentChange(async () => {
    onUnmasked((await unmaskTimeline(incident.id, reason.trim())).entries);
    setOpen(false);
  });
  if (!useMay('evidence:unmask')) return null;
  return (
    <>
      <Button variant="default" size="xs" mb={4} onClick={() => setOpen(true)}>
        Show what is hidden
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="Show what may name people" centered>
        <Stack>
          <Text size="sm">Fields of added logs are hidden. Showing them is recorded in the chain of custody.</Text>
          <TextInput
            label="Why?"
            required
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
          <ErrorText error={unmask.error} />
          <Group justify="flex-end">
            <Button
              disabled={reason.trim().length < 3}
              loading={unmask.isPending}
              onClick={() => unmask.mutate(undefined)}
            >
              Show and record
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
