import { Anchor, Group, Table, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { formatDuration } from '../../components/format.ts';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { type Span, useHistory } from '../uptime/queries.ts';
import { CauseBadge, StateBadge } from '../uptime/state-badge.tsx';

const PAGES: Readonly<Record<Span['evidence'][number]['kind'], string | undefined>> = {
  detection: '/detections',
  incident: '/incidents',
  alert: undefined,
  check: undefined,
};

/** States that it had, newest first, with why. */
export function HistoryTable({ id }: { id: string }) {
  const { data } = useHistory(id);
  if (data === undefined || data.items.length === 0) return null;
  return (
    <section>
      <Title order={2} size="h4" mb={4}>
        History
      </Title>
      <Table.ScrollContainer minWidth={720}>
        <Table aria-label="States of this service, newest first" verticalSpacing={6}>
          <TableHead columns={['From', 'For', 'State', 'Why']} />
          <Table.Tbody>
            {data.items.map((span) => (
              <SpanRow key={span.id} span={span} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}

function SpanRow({ span: { state, from, until, reason, cause, causeReasons, evidence } }: { span: Span }) {
  return (
    <Table.Tr>
      <Table.Td>{formatTime(from)}</Table.Td>
      <Table.Td>
        {until === null ? `${formatDuration(Date.now() - from)} so far` : formatDuration(until - from)}
      </Table.Td>
      <Table.Td>
        <Group gap={4}>
          <StateBadge state={state} />
          {cause !== null && <CauseBadge cause={cause} />}
        </Group>
      </Table.Td>
      <Table.Td maw={420} style={{ overflowWrap: 'anywhere' }}>
        {[reason, ...causeReasons]
          .filter((text) => text !== '')
          .map((text) => (
            <Text key={text} size="sm">
              {text}
            </Text>
          ))}
        {evidence.map(({ kind, id, title }) => {
          const page = PAGES[kind];
          return page === undefined ? null : (
            <Anchor
              key={id}
              component={Link}
              to={kind === 'incident' ? `${page}/${encodeURIComponent(id)}` : page}
              size="xs"
              mr="xs"
            >
              {kind}: {title}
            </Anchor>
          );
        })}
      </Table.Td>
    </Table.Tr>
  );
}
