import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { AddActuator } from './add-actuator.tsx';
import {
  type Actuator,
  changeActuator,
  checkActuator,
  removeActuator,
  useActuators,
  useResponseChange,
} from './queries.ts';

/** By which means can SPHINX act here? */
export function ActuatorsView() {
  const { data, error, isPending, refetch } = useActuators();
  const may = useMay('response:configure');
  const [isAdding, setAdding] = useState(false);
  if (isPending) return <LoadingState what="the actuators" />;
  if (data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  const add = may && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      Set an actuator up
    </Button>
  );
  return (
    <Stack>
      {data.items.length === 0 ? (
        <EmptyState
          title="No actuator is set up"
          description="Every action is a task for a person until then, with what has to be done. Firewalls, directories, switches and others can be set up."
          action={add}
        />
      ) : (
        <>
          <Group>{add}</Group>
          {data.items.map((actuator) => (
            <ActuatorCard key={actuator.id} actuator={actuator} may={may} />
          ))}
        </>
      )}
      {isAdding && <AddActuator onClose={() => setAdding(false)} />}
    </Stack>
  );
}

function ActuatorCard({ actuator, may }: { actuator: Actuator; may: boolean }) {
  const { id, title, scope, isEnabled, problem, check, capabilities } = actuator;
  const ask = useResponseChange(checkActuator);
  const change = useResponseChange(changeActuator);
  const remove = useResponseChange(removeActuator);
  const serves = [...scope.networks, ...scope.devices].join(', ') || 'everything';
  return (
    <Paper component="article" p="md" withBorder aria-label={id}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} size="h5">
            {`${id} (${title})`}
          </Title>
          <Badge color={isEnabled ? 'green.9' : 'gray.7'} tt="none">
            {isEnabled ? 'on' : 'off'}
          </Badge>
        </Group>
        <Text size="sm">{`Serves ${serves}. Can ${[...new Set(capabilities.map(({ action, target }) => `${action} ${target}`))].join(', ')}.`}</Text>
        {problem !== null && (
          <Text size="sm" c="red.9">
            {`It cannot be used: ${problem}`}
          </Text>
        )}
        <Text size="sm" c={check !== null && !check.isReady ? 'red.9' : 'dimmed'}>
          {check === null
            ? 'It was not asked yet whether it answers.'
            : `${check.isReady ? 'Ready' : 'Not ready'} (${formatTime(check.at)}): ${check.message}`}
        </Text>
        {may && (
          <Group>
            <Button size="compact-sm" variant="default" loading={ask.isPending} onClick={() => ask.mutate(id)}>
              Check
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              loading={change.isPending}
              onClick={() => change.mutate({ id, isEnabled: !isEnabled })}
            >
              {isEnabled ? 'Switch off' : 'Switch on'}
            </Button>
            <ConfirmButton
              size="compact-sm"
              variant="default"
              question={`Take ${id} away?`}
              consequence="What it did stays as it is and can no longer be taken back by SPHINX."
              confirmLabel="Take it away"
              onConfirm={() => remove.mutateAsync(id)}
            >
              Take away
            </ConfirmButton>
          </Group>
        )}
        <ErrorText error={ask.error ?? change.error} />
      </Stack>
    </Paper>
  );
}
