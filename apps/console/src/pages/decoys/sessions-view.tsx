import { Anchor, Button, Group, Select, Table, Text } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { SeverityBadge } from '../../components/badges.tsx';
import { DetailDrawer } from '../../components/detail-drawer.tsx';
import { formatQuantity } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { useParameterChange } from '../../components/view-tabs.tsx';
import { type DecoySession, useSessions, type Visitor } from './queries.ts';
import { SessionDetail } from './session-detail.tsx';

export const VISITORS: Readonly<Record<Visitor, string>> = {
  human: 'A person',
  malware: 'A program that attacks',
  'brute-force': 'Somebody who guesses passwords',
  scanner: 'A scanner',
  unknown: 'Not known',
};

/** Who came to decoys, newest first; one opens beside the list. */
export function SessionsView() {
  const [parameters] = useSearchParams();
  const set = useParameterChange();
  const visitor = parameters.get('visitor') ?? undefined;
  const ip = parameters.get('ip') ?? undefined;
  const list = useSessions({ visitor, ip });
  const items = list.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <Group mb="md" align="end">
        <Select
          label="Visitor"
          placeholder="Everybody"
          clearable
          data={Object.entries(VISITORS).map(([value, label]) => ({ value, label }))}
          value={visitor ?? null}
          onChange={(value) => set('visitor', value)}
        />
        {ip !== undefined && (
          <Button variant="default" onClick={() => set('ip', null)}>
            Only {ip}: show all
          </Button>
        )}
      </Group>
      {list.isPending && <LoadingState what="who came" />}
      {items === undefined && list.error !== null && <ErrorState error={list.error} onRetry={list.refetch} />}
      {items?.length === 0 && (
        <EmptyState title="Nobody came" description="Nobody of this kind has talked to a decoy so far." />
      )}
      {items !== undefined && items.length > 0 && <SessionTable sessions={items} />}
      {list.hasNextPage && (
        <Button mt="sm" variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          Show more
        </Button>
      )}
      <DetailDrawer title="Visit" id={parameters.get('session')} onClose={() => set('session', null)}>
        {(id) => <SessionDetail id={id} />}
      </DetailDrawer>
    </>
  );
}

function SessionTable({ sessions }: { sessions: readonly DecoySession[] }) {
  const set = useParameterChange();
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Visits to decoys, newest first" verticalSpacing={6}>
        <TableHead columns={['Began', 'From', 'Decoy', 'Visitor', 'Severity', 'Done', 'Look']} />
        <Table.Tbody>
          {sessions.map((session) => (
            <Table.Tr key={session.id}>
              <Table.Td>
                <TimeText time={session.startedAt} />
              </Table.Td>
              <Table.Td>
                <Anchor component="button" size="sm" onClick={() => set('ip', session.remoteAddress)}>
                  {session.remoteAddress}
                </Anchor>
              </Table.Td>
              <Table.Td>
                {session.decoyName}
                <Text size="xs" c="dimmed">
                  {session.protocol}, port {session.port}
                </Text>
              </Table.Td>
              <Table.Td maw={280}>
                {VISITORS[session.visitor]}
                <Text size="xs" c="dimmed">
                  {session.reasons[0]}
                </Text>
              </Table.Td>
              <Table.Td>
                <SeverityBadge severity={session.severity} />
              </Table.Td>
              <Table.Td>{doneText(session)}</Table.Td>
              <Table.Td>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Look at the visit of ${session.remoteAddress} to ${session.decoyName} over ${session.protocol}`}
                  onClick={() => set('session', session.id)}
                >
                  Look
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function doneText({ logOns, commands, samples, endedAt }: DecoySession): string {
  const done = [
    ...(logOns > 0 ? [formatQuantity(logOns, 'log-on')] : []),
    ...(commands > 0 ? [formatQuantity(commands, 'command')] : []),
    ...(samples.length > 0 ? [`${formatQuantity(samples.length, 'file')} left`] : []),
    ...(endedAt === null ? ['still there'] : []),
  ];
  return done.length === 0 ? 'asked or looked' : done.join(', ');
}
