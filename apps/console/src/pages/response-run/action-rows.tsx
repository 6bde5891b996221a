import { Badge, Table, Text } from '@mantine/core';
import { useMay } from '../../api/session.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { type Action, undoAction, useResponseChange } from '../response/queries.ts';

/** What was done, and what may still be taken back. */
export function ActionRows({ actions }: { actions: readonly Action[] }) {
  const may = useMay('response:run');
  const undo = useResponseChange(undoAction);
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table aria-label="Actions in their order">
        <TableHead columns={['Action', 'By', 'State', 'When', 'Change']} />
        <Table.Tbody>
          {actions.map(({ id, text, actuator, state, message, appliedAt, undoAt, isReversible, confirmedBy }) => (
            <Table.Tr key={id}>
              <Table.Td>{text}</Table.Td>
              <Table.Td>{actuator}</Table.Td>
              <Table.Td>
                <Badge color={state === 'done' ? 'green.9' : 'gray.7'} tt="none">
                  {state.replace('-', ' ')}
                </Badge>
                <Text size="xs">{message}</Text>
              </Table.Td>
              <Table.Td>
                {appliedAt === null ? '' : formatTime(appliedAt)}
                {undoAt !== null && <Text size="xs">{`taken back ${formatTime(undoAt)} unless confirmed`}</Text>}
                {confirmedBy !== null && <Text size="xs">{`confirmed by ${confirmedBy}`}</Text>}
              </Table.Td>
              <Table.Td>
                {may && isReversible && ['done', 'undo-failed'].includes(state) && (
                  <ConfirmButton
                    size="compact-sm"
                    variant="default"
                    question={`Undo "${text}"?`}
                    consequence="What was there before is brought back."
                    confirmLabel="Undo"
                    onConfirm={() => undo.mutateAsync(id)}
                  >
                    Undo
                  </ConfirmButton>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
