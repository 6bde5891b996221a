import { Alert, Anchor, Button, Group, List, Stack, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import { SampleBadge } from '../../components/badges.tsx';
import { downloadCsv } from '../../components/csv.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { bedsWords, safetyWords } from '../care-map/care-words.tsx';
import { type CareRisk, useCareRisks, useRiskSummary } from './queries.ts';
import { LEVELS, LevelBadge, percent } from './risk-words.tsx';

/** Which clinical services are most at risk? */
export function CareView() {
  const { data, error, refetch } = useCareRisks();
  const summary = useRiskSummary().data;
  if (data === undefined) {
    return error === null ? <LoadingState what="the risk" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  if (data.items.length === 0) {
    return (
      <EmptyState
        title="No clinical service is known yet"
        description="Risk is told by clinical services as soon as devices of care are seen. Connect a source of traffic."
        action={
          <Button component={Link} to="/sources">
            To the sources
          </Button>
        }
      />
    );
  }
  return (
    <Stack>
      {summary !== undefined && (
        <Alert
          variant="outline"
          color="blue"
          role="status"
          title={`Risk of the hospital: ${LEVELS[summary.level].title}`}
        >
          {summary.text}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={() => download(data.items)}>
          CSV
        </Button>
      </Group>
      <CareTable items={data.items} />
    </Stack>
  );
}

function CareTable({ items }: { items: readonly CareRisk[] }) {
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Clinical services by risk, the worst first" verticalSpacing={6}>
        <TableHead
          columns={[
            'Clinical service',
            'Risk',
            { title: 'Disrupted within 30 days', isNumber: true },
            { title: 'Beds', isNumber: true },
            'For patients',
            'Why',
          ]}
        />
        <Table.Tbody>
          {items.map((each) => (
            <Table.Tr key={each.id}>
              <Table.Td>
                <Group gap={6} wrap="nowrap">
                  <Anchor component={Link} to={`/care-map?node=${encodeURIComponent(each.id)}`} size="sm">
                    {each.name}
                  </Anchor>
                  {each.isSample && <SampleBadge />}
                </Group>
              </Table.Td>
              <Table.Td>
                <LevelBadge level={each.level} />
              </Table.Td>
              <Table.Td ta="right">{percent(each.probability)}</Table.Td>
              <Table.Td ta="right">{bedsWords(each.beds)}</Table.Td>
              <Table.Td>{safetyWords(each.safety)}</Table.Td>
              <Table.Td maw={440}>
                <Reasons reasons={each.reasons} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const FIRST = 2;

function Reasons({ reasons }: { reasons: readonly string[] }) {
  const rest = reasons.slice(FIRST);
  return (
    <>
      {reasons.slice(0, FIRST).map((reason) => (
        <Text key={reason} size="sm">
          {reason}
        </Text>
      ))}
      {rest.length > 0 && (
        <details>
          <summary>
            <Text span size="sm">
              {rest.length} more
            </Text>
          </summary>
          <List size="sm">
            {rest.map((reason) => (
              <List.Item key={reason}>{reason}</List.Item>
            ))}
          </List>
        </details>
      )}
    </>
  );
}

function download(items: readonly CareRisk[]): void {
  downloadCsv(
    'risk-clinical-services.csv',
    ['Clinical service', 'Level', 'Probability within 30 days', 'Points', 'Beds', 'Class', 'Why'],
    items.map((each) => [
      each.name,
      each.level,
      each.probability,
      each.points,
      each.beds,
      each.safety,
      each.reasons.join(' '),
    ]),
  );
}
