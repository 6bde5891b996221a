import { Anchor, Badge, Button, Group, Switch, Table, Text, Title } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { formatBytes, formatCount, formatQuantity } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { useParameterChange } from '../../components/view-tabs.tsx';
import { actionWords, fileKindWords, mediumWords } from './media-words.ts';
import { type RemovableMedium, useMediaUses, useRemovableMedia } from './queries.ts';

/** Which USB sticks, discs, cards and phones were used on which device, and how much went onto them. */
export function MediaView() {
  const [parameters] = useSearchParams();
  const set = useParameterChange();
  const isWritten = parameters.get('written') === 'yes' ? true : undefined;
  const chosen = parameters.get('medium');
  const { data, error, refetch } = useRemovableMedia({ isWritten });
  if (data === undefined) {
    return error === null ? <LoadingState what="the media" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  const medium = data.items.find(({ id }) => id === chosen);
  return (
    <>
      <Group mb="md">
        <Switch
          label="Only what was written to"
          checked={isWritten === true}
          onChange={({ currentTarget }) => set('written', currentTarget.checked ? 'yes' : null)}
        />
      </Group>
      {medium !== undefined && <MediumHistory medium={medium} onClose={() => set('medium', null)} />}
      {data.items.length === 0 ? <NoMedia isFiltered={isWritten === true} /> : <MediaTable media={data.items} />}
    </>
  );
}

function NoMedia({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
    return <EmptyState title="Nothing was written to any medium" description="No log tells of it so far." />;
  }
  return (
    <EmptyState
      title="No log tells of a removable medium"
      description="Send the logs of workstations here: Windows with Audit PNP Activity and Audit Removable Storage, Linux with its kernel messages, macOS with Santa or osquery, or what protects your devices."
      action={
        <Button component={Link} to="/logs?view=sources">
          To the logs
        </Button>
      }
    />
  );
}

function MediaTable({ media }: { media: readonly RemovableMedium[] }) {
  return (
    <Table.ScrollContainer minWidth={940}>
      <Table aria-label="Removable media by device, last used first" verticalSpacing={6}>
        <TableHead
          columns={[
            'Device',
            'Medium',
            'Used by',
            { title: 'Put in', isNumber: true },
            { title: 'Files written', isNumber: true },
            'Of which kinds',
            { title: 'Written', isNumber: true },
            { title: 'Patients', isNumber: true },
            'Last',
          ]}
        />
        <Table.Tbody>
          {media.map((each) => (
            <Table.Tr key={each.id}>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <Anchor component={Link} to={`?view=media&medium=${encodeURIComponent(each.id)}`} size="sm">
                  {each.host}
                </Anchor>
              </Table.Td>
              <Table.Td miw={150}>
                <MediumText of={each} />
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{each.users.join(', ') || 'unknown'}</Table.Td>
              <Table.Td ta="right">
                {formatCount(each.attached)}
                {each.blocked > 0 && (
                  <Text size="xs" c="dimmed">
                    {formatCount(each.blocked)} blocked
                  </Text>
                )}
              </Table.Td>
              <Table.Td ta="right">{formatCount(each.filesWritten)}</Table.Td>
              <Table.Td>{fileKindWords(each.fileKinds)}</Table.Td>
              <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                {each.bytesWritten === 0 ? 'not told' : formatBytes(each.bytesWritten)}
              </Table.Td>
              <Table.Td ta="right">{each.patients === 0 ? 'not told' : formatCount(each.patients)}</Table.Td>
              <Table.Td>
                <TimeText time={each.lastSeen} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function MediumText({ of: { medium, otherDevices, programsRun } }: { of: RemovableMedium }) {
  return (
    <>
      <Text size="sm">{mediumWords(medium)}</Text>
      {medium.serial !== '' && (
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          No. {medium.serial}
        </Text>
      )}
      {otherDevices > 0 && (
        <Text size="xs" c="dimmed">
          also on {formatQuantity(otherDevices, 'other device')}
        </Text>
      )}
      {programsRun > 0 && (
        <Badge color="orange" variant="light" size="sm">
          {formatQuantity(programsRun, 'program')} run from it
        </Badge>
      )}
    </>
  );
}

function MediumHistory({ medium, onClose }: { medium: RemovableMedium; onClose: () => void }) {
  const list = useMediaUses(medium.id);
  const uses = list.data?.pages.flatMap((page) => page.items);
  return (
    <section>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          {mediumWords(medium.medium)} on {medium.host}
        </Title>
        <Button variant="default" size="xs" onClick={onClose}>
          Close
        </Button>
      </Group>
      {uses === undefined && list.error !== null && <ErrorState error={list.error} onRetry={list.refetch} />}
      {uses === undefined && list.error === null && <LoadingState what="what was done with it" />}
      {uses !== undefined && (
        <Table.ScrollContainer minWidth={640} mb="lg">
          <Table aria-label={`What was done with it on ${medium.host}, newest first`} verticalSpacing={4}>
            <TableHead
              columns={[
                'When',
                'What',
                'Who',
                { title: 'Files', isNumber: true },
                'Of which kinds',
                { title: 'Bytes', isNumber: true },
                'Told by',
              ]}
            />
            <Table.Tbody>
              {uses.map((use) => (
                <Table.Tr key={use.id}>
                  <Table.Td>
                    <TimeText time={use.lastSeen} />
                  </Table.Td>
                  <Table.Td>{actionWords(use)}</Table.Td>
                  <Table.Td>{use.user || 'unknown'}</Table.Td>
                  <Table.Td ta="right">{use.files === 0 ? '' : formatCount(use.files)}</Table.Td>
                  <Table.Td>{fileKindWords(use.fileKinds)}</Table.Td>
                  <Table.Td ta="right">{use.bytes === 0 ? '' : formatBytes(use.bytes)}</Table.Td>
                  <Table.Td>{use.told.join(', ')}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {list.hasNextPage && (
        <Button mb="lg" variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </section>
  );
}
