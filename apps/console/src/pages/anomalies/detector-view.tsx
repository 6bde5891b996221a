import { Anchor, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import { SeverityBadge } from '../../components/badges.tsx';
import { formatCount } from '../../components/format.ts';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { amountText } from './anomaly-words.ts';
import { type AnomalyDetector, useDetectors } from './queries.ts';

/** What is looked for, from where on it is told here, and how often it was right. */
export function DetectorView() {
  const { data, error, refetch } = useDetectors();
  if (data === undefined) {
    return error === null ? <LoadingState what="the detectors" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Detectors" verticalSpacing={6}>
        <TableHead
          columns={[
            'What is looked for',
            'Severity',
            'Told from, in one hour',
            { title: 'Found', isNumber: true },
            { title: 'Open', isNumber: true },
            { title: 'Normal', isNumber: true },
            { title: 'Confirmed', isNumber: true },
          ]}
        />
        <Table.Tbody>
          {data.items.map((each) => (
            <Row key={each.id} detector={each} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ detector }: { detector: AnomalyDetector }) {
  const { id, number, title, severity, advice, limits, found, open, normal, confirmed, notTold } = detector;
  return (
    <Table.Tr>
      <Table.Td maw={340}>
        <Text size="sm">{title}</Text>
        <Text size="xs" c="dimmed">
          {number}. {advice}
        </Text>
      </Table.Td>
      <Table.Td>
        <SeverityBadge severity={severity} />
      </Table.Td>
      <Table.Td maw={260}>
        {limits.length === 0 && <Text size="sm">no single number</Text>}
        {limits.map((limit) => (
          <Text key={limit.measure} size="sm">
            {limit.title}: {amountText(limit.limit, limit.unit)}
            {limit.basis === 'site' ? ' (learnt here)' : ' (not learnt here yet)'}
          </Text>
        ))}
      </Table.Td>
      <Table.Td ta="right">
        {found === 0 ? (
          formatCount(0)
        ) : (
          <Anchor
            component={Link}
            to={`/anomalies?said=all&detector=${encodeURIComponent(id)}`}
            size="sm"
            aria-label={`${formatCount(found)} found by ${title}`}
          >
            {formatCount(found)}
          </Anchor>
        )}
        {notTold > 0 && (
          <Text size="xs" c="dimmed">
            {formatCount(notTold)} without an alert
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right">{formatCount(open)}</Table.Td>
      <Table.Td ta="right">{formatCount(normal)}</Table.Td>
      <Table.Td ta="right">{formatCount(confirmed)}</Table.Td>
    </Table.Tr>
  );
}
