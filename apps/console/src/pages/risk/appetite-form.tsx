import { Button, Group, Select, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import type { RiskLevel } from './queries.ts';
import {
  type Appetite,
  CONSEQUENCES,
  saveAppetite,
  undoAppetite,
  useAppetite,
  useRiskChange,
} from './register-queries.ts';
import { CONSEQUENCE_WORDS } from './register-words.ts';
import { LEVELS } from './risk-words.tsx';

const CHOICES = Object.entries(LEVELS)
  .map(([value, { title }]) => ({ value, label: title }))
  .reverse();

/** How much risk does the hospital carry without asking anybody? */
export function AppetiteForm() {
  const { data } = useAppetite();
  const [changed, setChanged] = useState<Partial<Record<keyof Appetite, RiskLevel>>>({});
  const save = useRiskChange(saveAppetite);
  const undo = useRiskChange(undoAppetite);
  const mayState = useMay('risk:accept');
  if (data === undefined) return null;
  const done = { onSuccess: () => setChanged({}) };
  return (
    <section>
      <Title order={2} size="h4">
        Appetite
      </Title>
      <Text size="sm" mb="xs">
        The highest level that the hospital carries without asking anybody, by consequence.{' '}
        {data.by === null ? 'As SPHINX brings it.' : `Stated by ${data.by}.`}
      </Text>
      <Group align="flex-end" gap="sm">
        {CONSEQUENCES.map((id) => (
          <Select
            key={id}
            label={CONSEQUENCE_WORDS[id]}
            data={CHOICES}
            value={changed[id] ?? data.appetite[id]}
            onChange={(value) => value !== null && setChanged({ ...changed, [id]: value as RiskLevel })}
            allowDeselect={false}
            disabled={!mayState}
            w={150}
          />
        ))}
        {mayState && (
          <>
            <Button
              disabled={Object.keys(changed).length === 0}
              loading={save.isPending}
              onClick={() => save.mutate({ ...data.appetite, ...changed }, done)}
            >
              State it
            </Button>
            {data.version > 0 && (
              <Button variant="default" loading={undo.isPending} onClick={() => undo.mutate(undefined, done)}>
                Take the last change back
              </Button>
            )}
          </>
        )}
      </Group>
      <ErrorText error={save.error ?? undo.error} />
    </section>
  );
}
