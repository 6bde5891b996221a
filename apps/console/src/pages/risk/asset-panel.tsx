import { Anchor, Group, List, Stack, Table, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { SampleBadge } from '../../components/badges.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { type AssetRiskDetail, useAssetRisk } from './queries.ts';
import { LevelBadge, percent } from './risk-words.tsx';

const MOST_THREATS = 6;

/** One device: which threats, why, what that would harm, what was detected, what stops without it. */
export function AssetPanel({ id }: { id: string }) {
  const { data, error, refetch } = useAssetRisk(id);
  if (data === undefined) {
    return error === null ? <LoadingState what="the risk" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  return (
    <Stack>
      <div>
        <Group gap="xs">
          <Title order={2} size="h3">
            {data.name}
          </Title>
          <LevelBadge level={data.level} />
          {data.isSample && <SampleBadge />}
        </Group>
        <Text size="sm">{data.care}</Text>
        <Group gap="md" mt="xs">
          <Anchor component={Link} to={`/assets/${encodeURIComponent(id)}`} size="sm">
            The asset
          </Anchor>
          <Anchor component={Link} to={`/care-map?view=outage&stop=${encodeURIComponent(id)}`} size="sm">
            What stops without it?
          </Anchor>
        </Group>
      </div>
      <Consequences detail={data} />
      <Threats detail={data} />
      <Evidence detail={data} />
    </Stack>
  );
}

function Consequences({ detail }: { detail: AssetRiskDetail }) {
  return (
    <section>
      <Title order={3} size="h5" mb={4}>
        What it would harm
      </Title>
      <Table aria-label="Consequences" verticalSpacing={4}>
        <TableHead
          columns={[
            'What',
            'Risk',
            { title: 'Within 30 days', isNumber: true },
            { title: 'Harm, 0 to 100', isNumber: true },
          ]}
        />
        <Table.Tbody>
          {detail.consequences.map(({ id, title, level, probability, impact }) => (
            <Table.Tr key={id}>
              <Table.Td>{title}</Table.Td>
              <Table.Td>
                <LevelBadge level={level} />
              </Table.Td>
              <Table.Td ta="right">{percent(probability)}</Table.Td>
              <Table.Td ta="right">{Math.round(impact)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function Threats({ detail }: { detail: AssetRiskDetail }) {
  return (
    <section>
      <Title order={3} size="h5" mb={4}>
        By what, and why
      </Title>
      <Stack gap="sm">
        {detail.threats.slice(0, MOST_THREATS).map(({ id, title, probability, reasons }) => (
          <div key={id}>
            <Text fw={600} size="sm">
              {title}: {percent(probability)} within 30 days
            </Text>
            <List size="sm">
              {reasons.map((reason) => (
                <List.Item key={reason}>{reason}</List.Item>
              ))}
            </List>
          </div>
        ))}
      </Stack>
    </section>
  );
}

function Evidence({ detail }: { detail: AssetRiskDetail }) {
  return (
    <section>
      <Title order={3} size="h5" mb={4}>
        What was detected
      </Title>
      {detail.evidence.length === 0 ? (
        <Text size="sm">Nothing that speaks for a compromise.</Text>
      ) : (
        <List size="sm">
          {detail.evidence.map(({ kind, id, text, time }) => (
            <List.Item key={`${kind}|${id}`}>
              {kind === 'incident' ? (
                <Anchor component={Link} to={`/incidents/${encodeURIComponent(id)}`} size="sm">
                  {text}
                </Anchor>
              ) : (
                text
              )}
              , <TimeText time={time} />
            </List.Item>
          ))}
        </List>
      )}
    </section>
  );
}
