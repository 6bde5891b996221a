import { Anchor, Button, Group, Paper, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { type Task, tick, useResponseChange, useTasks } from './queries.ts';

/** What do people have to do? */
export function TasksView() {
  const { data, error, isPending, refetch } = useTasks();
  if (isPending) return <LoadingState what="the tasks" />;
  if (data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  if (data.items.length === 0) {
    return (
      <EmptyState
        title="Nobody has anything to do"
        description="What a playbook leaves to people, and what no actuator can do, is listed here until it is ticked off."
      />
    );
  }
  return (
    <Stack>
      {data.items.map((task) => (
        <TaskCard key={task.id} task={task} />
      ))}
    </Stack>
  );
}

/** Something to do, with what has to be answered. */
export function TaskCard({ task }: { task: Task }) {
  const { title, text, run, subject, agent, because, dueAt, state, by, note } = task;
  const may = useMay('response:run');
  return (
    <Paper component="article" p="md" withBorder aria-label={title}>
      <Stack gap="xs">
        <Title order={2} size="h5">
          {title}
        </Title>
        {text !== title && <Text size="sm">{text}</Text>}
        <Text size="sm" c="dimmed">
          <Anchor component={Link} to={`/response/${encodeURIComponent(run)}`} size="sm" underline="always">
            {run}
          </Anchor>
          {`, ${subject}`}
          {agent !== '' && `. Who: ${agent}`}
          {dueAt !== null && state === 'open' && `. Until ${formatTime(dueAt)}`}
          {by !== null && `. ${state} by ${by}`}
          {note !== '' && `: ${note}`}
        </Text>
        {because !== '' && <Text size="sm">{`Why by hand: ${because}`}</Text>}
        {state === 'open' && may && <Answer task={task} />}
      </Stack>
    </Paper>
  );
}

function Answer({ task: { id, asks, title } }: { task: Task }) {
  const [answers, setAnswers] = useState<Record<string, string>>({});
  const [note, setNote] = useState('');
  const done = useResponseChange(tick);
  const set = (name: string, value: string) => setAnswers((known) => ({ ...known, [name]: value }));
  return (
    <>
      {asks.map(({ name, text, type }) =>
        type === 'bool' ? (
          <Select
            key={name}
            label={text}
            required
            data={[
              { value: 'true', label: 'Yes' },
              { value: 'false', label: 'No' },
            ]}
            value={answers[name] ?? null}
            onChange={(value) => set(name, value ?? '')}
          />
        ) : (
          <TextInput
            key={name}
            label={text}
            required
            value={answers[name] ?? ''}
            onChange={(event) => set(name, event.currentTarget.value)}
          />
        ),
      )}
      <TextInput
        label="Note"
        aria-label={`Note for ${title}`}
        description="Without data of patients"
        maxLength={1000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Group>
        <Button loading={done.isPending} onClick={() => done.mutate({ id, isDone: true, note, answers })}>
          Done
        </Button>
        <Button
          variant="default"
          loading={done.isPending}
          onClick={() => done.mutate({ id, isDone: false, note, answers: {} })}
        >
          It cannot be done
        </Button>
      </Group>
      <ErrorText error={done.error} />
    </>
  );
}
