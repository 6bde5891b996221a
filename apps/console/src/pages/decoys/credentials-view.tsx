import { Table, Text } from '@mantine/core';
import { formatCount } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { useCredentials } from './queries.ts';

/** Users and passwords that were tried, most tried first. */
export function CredentialsView() {
  const { data, error, refetch } = useCredentials();
  if (data === undefined) {
    return error === null ? <LoadingState what="the passwords" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  if (data.items.length === 0) {
    return <EmptyState title="Nobody tried to log on" description="What is tried on decoys is counted here." />;
  }
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        A password that one of your own people uses may be among them: whoever tried it knows it.
      </Text>
      <Table.ScrollContainer minWidth={640}>
        <Table aria-label="Passwords tried, most tried first" verticalSpacing={4}>
          <TableHead
            columns={[
              'User',
              'Password',
              'Over',
              { title: 'Tries', isNumber: true },
              { title: 'Let in', isNumber: true },
              'Last',
              'From',
            ]}
          />
          <Table.Tbody>
            {data.items.map(({ protocol, user, secret, tries, accepted, lastSeen, lastSource }) => (
              <Table.Tr key={`${protocol} ${user} ${secret}`}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{user === '' ? 'nobody' : user}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }} maw={320}>
                  {secret === '' ? 'none' : secret}
                </Table.Td>
                <Table.Td>{protocol}</Table.Td>
                <Table.Td ta="right">{formatCount(tries)}</Table.Td>
                <Table.Td ta="right">{formatCount(accepted)}</Table.Td>
                <Table.Td>
                  <TimeText time={lastSeen} />
                </Table.Td>
                <Table.Td>{lastSource}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}
