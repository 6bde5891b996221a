import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { request } from '../../api/request.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { Section } from '../asset/section.tsx';
import { type Adjustment, type Rule, useRuleChange } from '../rules/queries.ts';
import { AdjustmentForm } from './adjustment-form.tsx';

const FRESH: Adjustment = {
  scope: { addresses: [], kinds: [], zones: [], end: 'either' },
  action: 'quiet',
  severity: null,
  limit: null,
};

interface NumberedAdjustment {
  readonly key: number;
  readonly adjustment: Adjustment;
}

/** Where the rule is quiet, how severe it is and how often it speaks. */
export function TuningSection({ rule, mayWrite }: { rule: Rule; mayWrite: boolean }) {
  const [parts, setParts] = useState<readonly NumberedAdjustment[]>(
    rule.tuning.adjustments.map((adjustment, key) => ({ key, adjustment })),
  );
  const [note, setNote] = useState(rule.tuning.note);
  const save = useRuleChange(() =>
    request('PATCH', `/rules/${rule.id}`, {
      body: { ...rule.tuning, note, adjustments: parts.map(({ adjustment }) => adjustment) },
    }),
  );
  const add = () => {
    const key = Math.max(-1, ...parts.map((part) => part.key)) + 1;
    setParts([...parts, { key, adjustment: FRESH }]);
  };
  return (
    <Section title="Tuning">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {parts.length === 0
            ? 'It is told everywhere as it was published.'
            : 'The first part of the hospital that fits a match holds; what fits none is told as it was published.'}
        </Text>
        {parts.map(({ key, adjustment }, index) => (
          <AdjustmentForm
            key={key}
            number={index + 1}
            adjustment={adjustment}
            mayWrite={mayWrite}
            onChange={(next) => setParts(parts.map((part) => (part.key === key ? { key, adjustment: next } : part)))}
            onRemove={() => setParts(parts.filter((part) => part.key !== key))}
          />
        ))}
        {mayWrite && (
          <>
            <Textarea
              label="Why it is tuned so"
              autosize
              maxLength={500}
              value={note}
              onChange={({ currentTarget }) => setNote(currentTarget.value)}
            />
            <ErrorText error={save.error} />
            <Group justify="space-between">
              <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
                Add a part of the hospital
              </Button>
              <Button loading={save.isPending} onClick={() => save.mutate()}>
                Save the tuning
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Section>
  );
}
