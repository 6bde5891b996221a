import { Anchor, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import { useMay } from '../../api/session.ts';
import { SeverityBadge } from '../../components/badges.tsx';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { incidentName, StatusBadge, VERDICT_TITLES } from '../incidents/incident-words.tsx';
import { actOnIncident, type IncidentDetail, useIncidentChange, useSimilarIncidents } from '../incidents/queries.ts';

/** Which incidents resemble this one, and how did they end? */
export function SimilarView({ incident }: { incident: IncidentDetail }) {
  const { data, error, refetch } = useSimilarIncidents(incident.id);
  const mayWrite = useMay('incidents:write');
  const merge = useIncidentChange((into: string) => actOnIncident(incident.id, 'merge', { into }));
  if (data === undefined) {
    return error === null ? <LoadingState what="similar incidents" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  if (data.items.length === 0) {
    return (
      <EmptyState
        title="Nothing like it happened before"
        description="No incident shares devices, accounts or detections with it."
      />
    );
  }
  const mayMerge = mayWrite && incident.attention === 'incident' && incident.status !== 'closed';
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Similar incidents, most alike first" verticalSpacing={6}>
        <TableHead columns={['Incident', 'Alike', 'How it ended', ...(mayMerge ? ['Change'] : [])]} />
        <Table.Tbody>
          {data.items.map((each) => (
            <Table.Tr key={each.id}>
              <Table.Td maw={340} style={{ overflowWrap: 'anywhere' }}>
                <SeverityBadge severity={each.severity} />
                <br />
                <Anchor component={Link} to={`/incidents/${encodeURIComponent(each.id)}`} size="sm">
                  {incidentName(each)}: {each.title}
                </Anchor>
              </Table.Td>
              <Table.Td>
                {Math.round(each.similarity * 100)} %
                <Text size="xs" c="dimmed">
                  {each.because.join(', ')}
                </Text>
              </Table.Td>
              <Table.Td>
                <StatusBadge status={each.status} />
                {each.verdict !== null && <Text size="sm">{VERDICT_TITLES[each.verdict]}</Text>}
                <Text size="xs">{each.closingNote}</Text>
              </Table.Td>
              {mayMerge && (
                <Table.Td>
                  {each.status !== 'closed' && (
                    <ConfirmButton
                      size="compact-sm"
                      variant="default"
                      question="Are they the same?"
                      consequence={`The alerts of this incident go to ${incidentName(each)}; this one is closed as a duplicate.`}
                      confirmLabel={`Merge into ${incidentName(each)}`}
                      onConfirm={() => merge.mutateAsync(each.id)}
                    >
                      Merge into it
                    </ConfirmButton>
                  )}
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
