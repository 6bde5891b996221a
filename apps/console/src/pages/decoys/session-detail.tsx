import { Anchor, Badge, Group, List, Stack, Table, Text, Title } from '@mantine/core';
import { useMay } from '../../api/session.ts';
import { SeverityBadge } from '../../components/badges.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { useSession, type WholeSession } from './queries.ts';
import { Replay } from './replay.tsx';
import { VISITORS } from './sessions-view.tsx';

/** One visit step by step: who, why that is thought, what was done, the terminal again. */
export function SessionDetail({ id }: { id: string }) {
  const { data, error, refetch } = useSession(id);
  if (data === undefined) {
    return error === null ? <LoadingState what="the visit" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  return (
    <Stack>
      <Text>
        {data.remoteAddress} on {data.decoyName} over {data.protocol}, {formatTime(data.startedAt)}
      </Text>
      <Group gap="xs">
        <SeverityBadge severity={data.severity} />
        {data.techniques.map((technique) => (
          <Badge key={technique} color="gray.7" tt="none">
            {technique}
          </Badge>
        ))}
      </Group>
      <section>
        <Title order={3} size="h5">
          {VISITORS[data.visitor]}
        </Title>
        <List size="sm">
          {data.reasons.map((reason) => (
            <List.Item key={reason}>{reason}</List.Item>
          ))}
        </List>
      </section>
      {data.hasReplay && <Replay id={data.id} />}
      <Left session={data} />
      <Steps session={data} />
    </Stack>
  );
}

function Left({ session: { samples, urls, tools } }: { session: WholeSession }) {
  const mayTake = useMay('decoys:samples');
  if (samples.length + urls.length + tools.length === 0) return null;
  return (
    <section>
      <Title order={3} size="h5">
        Tools and what was left behind
      </Title>
      <List size="sm" style={{ overflowWrap: 'anywhere' }}>
        {tools.map((tool) => (
          <List.Item key={tool}>{tool}</List.Item>
        ))}
        {urls.map((url) => (
          <List.Item key={url}>told to fetch {url}; it was not</List.Item>
        ))}
        {samples.map(({ sha256, name, kind }) => (
          <List.Item key={sha256}>
            {name}, {kind}, {sha256.slice(0, 16)}…{' '}
            {mayTake && (
              <Anchor href={`/api/v1/decoy-samples/${sha256}`} size="sm" download>
                take it (may be hostile)
              </Anchor>
            )}
          </List.Item>
        ))}
      </List>
    </section>
  );
}

function Steps({ session: { events } }: { session: WholeSession }) {
  const numbered = events.map((event, number) => ({ ...event, number }));
  return (
    <section>
      <Title order={3} size="h5">
        Step by step
      </Title>
      <Table aria-label="Steps of the visit" verticalSpacing={2}>
        <TableHead columns={[{ title: 'After', isNumber: true }, 'What', 'Words']} />
        <Table.Tbody>
          {numbered.map(({ number, atMs, kind, text }) => (
            <Table.Tr key={number}>
              <Table.Td ta="right">{(atMs / 1000).toFixed(1)} s</Table.Td>
              <Table.Td>{kind}</Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{text}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
