import { ActionIcon, Badge, Button, Group, Modal, Progress, Stack, Table, Text } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCheck,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import { SampleBadge } from '../../components/badges.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { formatBytes, formatCount } from '../../components/format.ts';
import { TimeText } from '../../components/time-text.tsx';
import { type Source, useRemoveSource, useSourceAction } from './queries.ts';

const KINDS: Readonly<Record<Source['kind'], string>> = {
  file: 'Capture file',
  folder: 'Watched folder',
  interface: 'Network interface',
  sample: 'Sample traffic',
  'flow-exports': 'Flow exporters',
  records: 'Records of sensors',
  'packet-server': 'pcap-over-IP, sent here',
  'packet-client': 'pcap-over-IP, fetched',
  rpcap: 'Remote interface (rpcap)',
  ssh: 'Remote interface (SSH)',
  sensor: 'Remote sensor',
};

const STATES = {
  idle: { title: 'Waiting', color: 'gray.7', Icon: IconPlayerPause },
  running: { title: 'Running', color: 'blue.9', Icon: IconPlayerPlay },
  finished: { title: 'Finished', color: 'green.9', Icon: IconCheck },
  failed: { title: 'Failed', color: 'red.9', Icon: IconAlertTriangle },
  stopped: { title: 'Stopped', color: 'gray.7', Icon: IconPlayerStop },
} as const;

/** Every source with what it has read and what can be done with it. */
export function SourceTable({ sources, mayWrite }: { sources: readonly Source[]; mayWrite: boolean }) {
  const action = useSourceAction();
  const [doomed, setDoomed] = useState<Source | null>(null);
  return (
    <>
      <ErrorText error={action.error} />
      <Table.ScrollContainer minWidth={860}>
        <Table aria-label="Traffic sources">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Source</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th w={200}>Progress</Table.Th>
              <Table.Th ta="right">Packets</Table.Th>
              <Table.Th ta="right">Data</Table.Th>
              <Table.Th>Started</Table.Th>
              {mayWrite && <Table.Th>Actions</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sources.map((source) => (
              <Table.Tr key={source.id}>
                <Table.Td>
                  <SourceName source={source} />
                </Table.Td>
                <Table.Td>
                  <StateBadge state={source.state} />
                </Table.Td>
                <Table.Td>
                  <SourceProgress source={source} />
                </Table.Td>
                <Table.Td ta="right">
                  {formatCount(source.packets)}
                  <Losses source={source} />
                </Table.Td>
                <Table.Td ta="right">{formatBytes(source.bytes)}</Table.Td>
                <Table.Td>{source.startedAt === null ? 'never' : <TimeText time={source.startedAt} />}</Table.Td>
                {mayWrite && (
                  <Table.Td>
                    <Actions
                      source={source}
                      onAct={(verb) => action.mutate({ id: source.id, action: verb })}
                      onRemove={() => setDoomed(source)}
                    />
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {doomed !== null && <RemoveDialog source={doomed} onClose={() => setDoomed(null)} />}
    </>
  );
}

function SourceName({ source }: { source: Source }) {
  return (
    <>
      <Group gap={6}>
        <Text size="sm" fw={600}>
          {source.title}
        </Text>
        {source.isSample && <SampleBadge />}
      </Group>
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {KINDS[source.kind]}
        {source.kind !== 'sample' && ` · ${placeOf(source)}`}
      </Text>
      {source.message !== '' && (
        <Text size="sm" {...(source.state === 'failed' ? { c: 'var(--mantine-color-error)' } : {})} maw={460} mt={4}>
          {source.message}
        </Text>
      )}
    </>
  );
}

/** What did not come in stands beside what did. */
function Losses({ source: { lost, unreadable } }: { source: Source }) {
  if (lost === 0 && unreadable === 0) return null;
  return (
    <Text size="xs" c="var(--mantine-color-error)">
      {[lost > 0 && `${formatCount(lost)} lost`, unreadable > 0 && `${formatCount(unreadable)} unreadable`]
        .filter(Boolean)
        .join(', ')}
    </Text>
  );
}

function placeOf({ path, interface: name, host, port, filter, snapLength }: Source): string {
  if (path !== undefined) return path;
  const machine = host === undefined || port === undefined ? host : `${host} port ${port}`;
  const place = [name, machine].filter((part) => part !== undefined).join(' of ') || 'uploaded, deleted once read';
  const limits = [filter, snapLength === undefined ? undefined : `first ${formatCount(snapLength)} bytes of a packet`];
  return [place, ...limits.filter((part) => part !== undefined)].join(' · ');
}

function StateBadge({ state }: { state: Source['state'] }) {
  const { title, color, Icon } = STATES[state];
  return (
    <Badge tt="none" color={color} leftSection={<Icon size={12} aria-hidden />}>
      {title}
    </Badge>
  );
}

function SourceProgress({ source }: { source: Source }) {
  if (source.fraction === null) {
    return <Text size="sm">{source.state === 'running' ? 'listening until stopped' : 'not listening'}</Text>;
  }
  const percent = Math.round(source.fraction * 100);
  return (
    <Group gap="xs" wrap="nowrap">
      <Progress value={percent} flex={1} aria-label={`${source.title}, read so far`} />
      <Text size="sm" w={48} ta="right">
        {percent} %
      </Text>
    </Group>
  );
}

function Actions(props: { source: Source; onAct: (verb: 'start' | 'stop') => void; onRemove: () => void }) {
  const { source, onAct, onRemove } = props;
  const isRunning = source.state === 'running';
  // What was uploaded is deleted once it has been read, so there is nothing to start again.
  const canStart = source.kind !== 'sensor' && (source.kind !== 'file' || source.path !== undefined);
  return (
    <Group gap={4} wrap="nowrap">
      {isRunning ? (
        <ActionIcon variant="default" aria-label={`Stop ${source.title}`} title="Stop" onClick={() => onAct('stop')}>
          <IconPlayerStop size={16} aria-hidden />
        </ActionIcon>
      ) : (
        <ActionIcon
          variant="default"
          aria-label={`Start ${source.title}`}
          title={source.state === 'idle' ? 'Start' : 'Start again from the beginning'}
          disabled={!canStart}
          onClick={() => onAct('start')}
        >
          <IconPlayerPlay size={16} aria-hidden />
        </ActionIcon>
      )}
      <ActionIcon variant="default" aria-label={`Remove ${source.title}`} title="Remove" onClick={onRemove}>
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}

function RemoveDialog({ source, onClose }: { source: Source; onClose: () => void }) {
  const remove = useRemoveSource();
  return (
    <Modal opened onClose={onClose} title={`Remove ${source.title}?`}>
      <Stack>
        <Text size="sm">
          What only this source has shown goes with it: assets, evidence and conversations that no other source has
          seen. The file or folder itself is not touched.
        </Text>
        <ErrorText error={remove.error} />
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            onClick={() => remove.mutate(source.id, { onSuccess: onClose })}
          >
            Remove
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
