import { Alert, Button, Group, Progress, Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { request } from '../api/request.ts';
import { useMay } from '../api/session.ts';
import { ErrorText } from './error-text.tsx';

export interface Job {
  readonly id: string;
  readonly title: string;
  readonly state: 'running' | 'succeeded' | 'failed' | 'cancelled' | 'interrupted';
  readonly fraction: number;
  readonly message: string;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: string;
}

const ENDED_BADLY: Readonly<Partial<Record<Job['state'], string>>> = {
  failed: 'failed',
  cancelled: 'was cancelled',
  interrupted: 'was cut off by a restart of SPHINX',
};

/** Long work that goes on: how far it is, and a way to stop it. Its end is told once; why it failed stays until dismissed. */
export function JobProgress(props: { id: string; onEnd: (job: Job) => void; onDismiss?: () => void }) {
  const { id, onEnd, onDismiss } = props;
  const client = useQueryClient();
  const mayCancel = useMay('jobs:write');
  const { data: job, error } = useQuery({
    queryKey: ['jobs', id],
    queryFn: ({ signal }) => request<Job>('GET', `/jobs/${encodeURIComponent(id)}`, { signal }),
  });
  const cancel = useMutation({
    mutationFn: () => request('POST', `/jobs/${encodeURIComponent(id)}/cancel`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  });
  const isEnded = job !== undefined && job.state !== 'running';
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once, when it ends, whatever the listener has become
  useEffect(() => {
    if (isEnded) onEnd(job);
  }, [isEnded]);
  if (job === undefined) return <ErrorText error={error} />;
  const failure = ENDED_BADLY[job.state];
  if (failure !== undefined) {
    const close =
      onDismiss === undefined
        ? {}
        : { withCloseButton: true, closeButtonLabel: `Dismiss that ${job.title} ${failure}`, onClose: onDismiss };
    return (
      <Alert
        color="red"
        variant="outline"
        icon={<IconAlertCircle aria-hidden />}
        title={`${job.title} ${failure}`}
        {...close}
      >
        {job.error ?? ''}
      </Alert>
    );
  }
  if (isEnded) return null;
  // The work does not always know how much is left.
  const percent = Number.isFinite(job.fraction) ? Math.round(job.fraction * 100) : 0;
  return (
    <div role="status">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">
          {job.title}: {job.message === '' ? 'at work' : job.message}
        </Text>
        {mayCancel && (
          <Button size="compact-sm" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel
          </Button>
        )}
      </Group>
      <Progress value={percent === 0 ? 100 : percent} animated={percent === 0} aria-label={job.title} />
      <ErrorText error={cancel.error} />
    </div>
  );
}
