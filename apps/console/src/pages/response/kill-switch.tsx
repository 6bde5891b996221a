import { Alert, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { IconHandStop, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { formatQuantity } from '../../components/format.ts';
import { StopDialog } from '../../components/stop-dialog.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { type ResponseState, resumeAll, stopAll, useResponseChange, useResponseState } from './queries.ts';

/** Whether anything is being done now, and the switch that stops all of it. */
export function KillSwitch() {
  const state = useResponseState().data;
  if (state === undefined) return null;
  return state.stop === null ? <Going state={state} /> : <Stopped stop={state.stop} file={state.stopFile} />;
}

function Going({ state: { running, approvals, tasks, toConfirm } }: { state: ResponseState }) {
  const mayStop = useMay('response:stop');
  const [isAsking, setAsking] = useState(false);
  const stop = useResponseChange(stopAll);
  return (
    <Paper p="sm" mb="md">
      <Group justify="space-between">
        <Text size="sm" role="status">
          {`${formatQuantity(running, 'run')} at work, ${formatQuantity(approvals, 'approval')} and ${formatQuantity(tasks, 'task')} waiting, ${formatQuantity(toConfirm, 'action')} to confirm.`}
        </Text>
        {mayStop && (
          <Button color="red.9" leftSection={<IconHandStop size={16} aria-hidden />} onClick={() => setAsking(true)}>
            Stop everything
          </Button>
        )}
      </Group>
      {isAsking && (
        <StopDialog
          title="Stop all runs"
          consequence="Every run ends where it is and nothing new is done, also after a restart, until somebody lets it go on. What was done stays; it can be undone by hand."
          stop={stop}
          onClose={() => setAsking(false)}
        />
      )}
    </Paper>
  );
}

function Stopped({ stop, file }: { stop: NonNullable<ResponseState['stop']>; file: string }) {
  const mayResume = useMay('response:configure');
  const resume = useResponseChange(resumeAll);
  return (
    <Alert
      color="red"
      variant="outline"
      mb="md"
      icon={<IconHandStop aria-hidden />}
      title="Response is stopped"
      role="status"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{`${stop.reason} (${stop.by}, ${formatTime(stop.at)}). Nothing is carried out.${stop.isByFile ? ` Remove ${file} before it goes on.` : ''}`}</Text>
        {mayResume && (
          <ConfirmButton
            size="xs"
            variant="default"
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            question="Let runs be carried out again?"
            consequence="Runs that were stopped wait until each is let go on."
            confirmLabel="Let them be carried out"
            onConfirm={() => resume.mutateAsync(undefined)}
          >
            Let runs be carried out again
          </ConfirmButton>
        )}
      </Stack>
    </Alert>
  );
}
