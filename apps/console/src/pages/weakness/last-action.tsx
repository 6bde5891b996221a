import { Alert, Button, CloseButton, Group } from '@mantine/core';
import { ErrorText } from '../../components/error-text.tsx';
import { undoAction, useWeaknessChange } from '../weaknesses/queries.ts';

/** What was just done, and the way back. */
export function LastAction({ id, onDone }: { id: string; onDone: () => void }) {
  const undo = useWeaknessChange(undoAction);
  return (
    <Alert color="teal" variant="outline" role="status" p="xs">
      <Group justify="space-between">
        Settled. It is in the history of each device.
        <Group gap="xs">
          <Button
            size="compact-sm"
            variant="default"
            loading={undo.isPending}
            onClick={() => undo.mutate(id, { onSuccess: onDone })}
          >
            Undo
          </Button>
          <CloseButton aria-label="Dismiss" onClick={onDone} />
        </Group>
      </Group>
      <ErrorText error={undo.error} />
    </Alert>
  );
}
