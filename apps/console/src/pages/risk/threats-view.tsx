import { Anchor, Table, Text } from '@mantine/core';
import { Fragment } from 'react';
import { Link, useSearchParams } from 'react-router';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { type ThreatRisk, useThreatRisks } from './queries.ts';
import { percent } from './risk-words.tsx';

/** Which attacks are likely, where first, and where are the figures from? */
export function ThreatsView() {
  const { data, error, refetch } = useThreatRisks();
  if (data === undefined) {
    return error === null ? <LoadingState what="the threats" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Threats, the likeliest first" verticalSpacing={6}>
        <TableHead
          columns={[
            'Threat',
            { title: 'Somewhere within 30 days', isNumber: true },
            'Where first',
            'A hospital meets it, by year',
            'Where that is from',
          ]}
        />
        <Table.Tbody>
          {data.items.map((each) => (
            <ThreatRow key={each.id} threat={each} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function ThreatRow({ threat }: { threat: ThreatRisk }) {
  const [parameters] = useSearchParams();
  const { low, likely, high } = threat.perYear;
  const toAsset = (id: string) => {
    const next = new URLSearchParams(parameters);
    next.set('asset', id);
    return `?${next}`;
  };
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={600}>
          {threat.title}
        </Text>
        <Text size="xs" c="dimmed">
          {threat.description}
        </Text>
      </Table.Td>
      <Table.Td ta="right">{percent(threat.probability)}</Table.Td>
      <Table.Td>
        {threat.likeliest.map(({ id, name, probability }, index) => (
          <Fragment key={id}>
            {index > 0 && ', '}
            <Anchor component={Link} to={toAsset(id)} preventScrollReset size="sm">
              {name}
            </Anchor>{' '}
            ({percent(probability)})
          </Fragment>
        ))}
      </Table.Td>
      <Table.Td>
        {percent(likely)} ({percent(low)} to {percent(high)})
      </Table.Td>
      <Table.Td maw={320}>
        <Text size="xs">{threat.basis}</Text>
      </Table.Td>
    </Table.Tr>
  );
}
