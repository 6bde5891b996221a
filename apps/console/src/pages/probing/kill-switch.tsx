import { Alert, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { IconHandStop, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useMay } from '../../api/session.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { formatQuantity } from '../../components/format.ts';
import { StopDialog } from '../../components/stop-dialog.tsx';
import { formatTime, TimeText } from '../../components/time-text.tsx';
import {
  clearMark,
  type ProbingState,
  resumeProbing,
  stopProbing,
  useProbingChange,
  useProbingState,
} from './queries.ts';

/** Whether anything is being asked now, and the switch that stops all of it. */
export function KillSwitch() {
  const state = useProbingState().data;
  if (state === undefined) return null;
  return (
    <Stack mb="md" gap="sm">
      {state.stop === null ? <Going state={state} /> : <Stopped stop={state.stop} />}
      {state.marks.length > 0 && <LeftAlone marks={state.marks} />}
    </Stack>
  );
}

function Going({ state: { running, waiting } }: { state: ProbingState }) {
  const mayStop = useMay('probes:write');
  const [isAsking, setAsking] = useState(false);
  const stop = useProbingChange(stopProbing);
  return (
    <Paper p="sm">
      <Group justify="space-between">
        <Text size="sm" role="status">
          {running + waiting === 0
            ? 'No device is being asked.'
            : `${formatQuantity(running, 'device')} being asked, ${waiting} waiting.`}
        </Text>
        {mayStop && (
          <Button color="red.9" leftSection={<IconHandStop size={16} aria-hidden />} onClick={() => setAsking(true)}>
            Stop everything
          </Button>
        )}
      </Group>
      {isAsking && (
        <StopDialog
          title="Stop all probes"
          consequence="What runs is cut off at once. No device is asked anything until somebody lets probes run again, also after a restart."
          stop={stop}
          onClose={() => setAsking(false)}
        />
      )}
    </Paper>
  );
}

function Stopped({ stop }: { stop: NonNullable<ProbingState['stop']> }) {
  const mayResume = useMay('probes:approve');
  const resume = useProbingChange(resumeProbing);
  return (
    <Alert color="red" variant="outline" icon={<IconHandStop aria-hidden />} title="Probing is stopped" role="status">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{`${stop.reason} (${stop.by}, ${formatTime(stop.at)}). Nothing is sent to any device.`}</Text>
        {mayResume && (
          <ConfirmButton
            size="xs"
            variant="default"
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            question="Let probes run again?"
            consequence="The schedule asks devices again as their policies say. What was cut off is not taken up by itself."
            confirmLabel="Let them run"
            onConfirm={() => resume.mutateAsync(undefined)}
          >
            Let probes run again
          </ConfirmButton>
        )}
      </Stack>
    </Alert>
  );
}

function LeftAlone({ marks }: { marks: ProbingState['marks'] }) {
  const mayClear = useMay('probes:approve');
  const clear = useProbingChange(clearMark);
  return (
    <Alert color="yellow" variant="outline" title={`${formatQuantity(marks.length, 'device')} left alone`}>
      <Stack gap="xs">
        <Text size="sm">
          They answered slower after a probe, or no longer. Nothing is asked of them until a person clears the mark.
        </Text>
        {marks.map(({ ip, assetId, reason, at }) => (
          <Group key={ip} justify="space-between" wrap="nowrap">
            <Text size="sm">
              {assetId === undefined ? ip : <Link to={`/assets/${encodeURIComponent(assetId)}`}>{ip}</Link>}: {reason}{' '}
              <TimeText time={at} />
            </Text>
            {mayClear && (
              <ConfirmButton
                size="compact-sm"
                variant="default"
                question={`Clear the mark of ${ip}?`}
                consequence="It may be asked again, as its policy says. Look first whether the device works as it should."
                confirmLabel="Clear"
                onConfirm={() => clear.mutateAsync(ip)}
              >
                Clear
              </ConfirmButton>
            )}
          </Group>
        ))}
      </Stack>
    </Alert>
  );
}
