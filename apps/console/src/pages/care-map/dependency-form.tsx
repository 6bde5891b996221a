import { Button, Checkbox, Group, Select, Stack, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { EFFECT_CHOICES } from './care-words.tsx';
import { NodeSelect } from './node-select.tsx';
import { type Effect, useEditCareMap } from './queries.ts';

/** Says that something needs something else. */
export function DependencyForm({ dependent, name }: { dependent: string; name: string }) {
  const edit = useEditCareMap();
  const [provider, setProvider] = useState<string | null>(null);
  const [effect, setEffect] = useState<Effect>('degrades');
  const [isAlternative, setAlternative] = useState(false);
  const [note, setNote] = useState('');
  const state = () => {
    if (provider === null) return;
    const body = { edit: { kind: 'dependency' as const, dependent, provider, effect, isAlternative }, note };
    edit.mutate(body, {
      onSuccess: () => {
        setProvider(null);
        setNote('');
      },
    });
  };
  return (
    <section>
      <Title order={3} size="h5" mb={4}>
        State what {name} needs
      </Title>
      <Stack gap="xs" maw={520}>
        <NodeSelect label="It needs" value={provider} onChange={setProvider} />
        <Select
          label="Without it"
          allowDeselect={false}
          data={[...EFFECT_CHOICES]}
          value={effect}
          onChange={(value) => setEffect(EFFECT_CHOICES.find((each) => each.value === value)?.value ?? 'degrades')}
        />
        <Checkbox
          label="Others that are stated so stand in for it"
          checked={isAlternative}
          onChange={({ currentTarget }) => setAlternative(currentTarget.checked)}
        />
        <TextInput
          label="Note"
          placeholder="How you know"
          value={note}
          maxLength={1000}
          onChange={({ currentTarget }) => setNote(currentTarget.value)}
        />
        <Group>
          <Button disabled={provider === null} loading={edit.isPending} onClick={state}>
            State it
          </Button>
        </Group>
        <ErrorText error={edit.error} />
      </Stack>
    </section>
  );
}
