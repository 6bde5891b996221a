import { Badge, Table, Text } from '@mantine/core';
import { useMay } from '../../api/session.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { forgetLesson, useIncidentChange, useLessons } from './queries.ts';

/** What closings taught: which alerts of whom weigh less, or more, from then on. */
export function LessonView() {
  const { data, error, refetch } = useLessons();
  const mayWrite = useMay('incidents:write');
  const forget = useIncidentChange(forgetLesson);
  if (data === undefined)
    return error === null ? <LoadingState what="what was learnt" /> : <ErrorState error={error} onRetry={refetch} />;
  if (data.items.length === 0) {
    return (
      <EmptyState
        title="Nothing was learnt yet"
        description="Whoever closes an incident says what it was. From then on the same alerts of the same device weigh less, or more."
      />
    );
  }
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="What was learnt, newest first" verticalSpacing={6}>
        <TableHead columns={['Detection', 'Of', 'It was', 'Said', 'When', ...(mayWrite ? ['Change'] : [])]} />
        <Table.Tbody>
          {data.items.map((each) => (
            <Table.Tr key={each.id}>
              <Table.Td>{each.title}</Table.Td>
              <Table.Td>{each.actorName}</Table.Td>
              <Table.Td>
                <Badge color={each.wasTrue ? 'red.9' : 'gray.7'} tt="none">
                  {each.wasTrue ? 'an attack: weighs more' : 'harmless: weighs a tenth'}
                </Badge>
              </Table.Td>
              <Table.Td>
                <Text size="sm">
                  {each.by}, closing {each.incident}
                </Text>
              </Table.Td>
              <Table.Td>
                <TimeText time={each.time} />
              </Table.Td>
              {mayWrite && (
                <Table.Td>
                  <ConfirmButton
                    size="compact-sm"
                    variant="default"
                    question="Forget this?"
                    consequence={`From now on "${each.title}" of ${each.actorName} weighs what it weighed before ${each.incident} was closed.`}
                    confirmLabel="Forget"
                    onConfirm={() => forget.mutateAsync(each.id)}
                  >
                    Forget
                  </ConfirmButton>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
