import { Anchor, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { Section } from '../asset/section.tsx';
import { checkStep, type IncidentDetail, useIncidentChange } from '../incidents/queries.ts';

/** What to do in this kind of incident, and what of it is done. */
export function ChecklistView({ incident }: { incident: IncidentDetail }) {
  const mayWrite = useMay('incidents:write');
  const check = useIncidentChange(({ step, isDone }: { step: string; isDone: boolean }) =>
    checkStep(incident.id, { step, isDone, note: '' }),
  );
  return (
    <Stack gap="md">
      <ErrorText error={check.error} />
      {incident.checklists.map(({ id, title, steps, references }) => (
        <Section key={id} title={title}>
          <Stack gap="xs">
            {steps.map((step) => (
              <Checkbox
                key={step.id}
                label={step.text}
                description={
                  step.doneAt === null ? step.phase : `${step.phase} · done by ${step.by}, ${formatTime(step.doneAt)}`
                }
                checked={step.doneAt !== null}
                disabled={!mayWrite}
                onChange={({ currentTarget }) => check.mutate({ step: step.id, isDone: currentTarget.checked })}
              />
            ))}
          </Stack>
          <Group gap="sm" mt="xs">
            {references.map(({ title: name, url }) => (
              <Anchor key={url} href={url} size="xs" rel="noreferrer" target="_blank">
                {name}
              </Anchor>
            ))}
          </Group>
        </Section>
      ))}
      {incident.checklists.length === 0 && <Text c="dimmed">No checklist fits.</Text>}
    </Stack>
  );
}
