import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { SectionTitle } from '../../components/section-title.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { useFeedback, useFeedbackChange } from './queries.ts';

/** What a person says of a detection of a model, and a way to take it back. */
export function FeedbackForm({ id }: { id: string }) {
  const mayWrite = useMay('rules:write');
  const { data, error } = useFeedback(id);
  const change = useFeedbackChange(id);
  const [note, setNote] = useState('');
  if (data === undefined) return <ErrorText error={error} />;
  const said = data.feedback;
  if (said === null && !mayWrite) return null;
  return (
    <Stack gap="xs">
      <SectionTitle>Was it an attack?</SectionTitle>
      {said === null ? (
        <>
          <Text size="sm" c="dimmed">
            What you say teaches the model when it is retrained. It changes nothing before.
          </Text>
          <TextInput
            label="Why"
            value={note}
            maxLength={500}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
          />
          <Group>
            <Button loading={change.isPending} onClick={() => change.mutate({ verdict: 'attack', note })}>
              This was an attack
            </Button>
            <Button
              variant="default"
              loading={change.isPending}
              onClick={() => change.mutate({ verdict: 'harmless', note })}
            >
              This was harmless
            </Button>
          </Group>
        </>
      ) : (
        <>
          <Text size="sm">
            {said.by} said that it was {said.verdict === 'attack' ? 'an attack' : 'harmless'}
            {said.note === '' ? '' : `: ${said.note}`} (<TimeText time={said.at} />)
          </Text>
          {said.features === null && (
            <Text size="sm" c="dimmed">
              Nothing can be learnt from it: the features of this flow were not kept.
            </Text>
          )}
          {mayWrite && (
            <Group>
              <Button variant="default" loading={change.isPending} onClick={() => change.mutate(null)}>
                Take it back
              </Button>
            </Group>
          )}
        </>
      )}
      <ErrorText error={change.error} />
    </Stack>
  );
}
