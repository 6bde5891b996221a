import { Button, Group, NumberInput, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { formatCount } from '../../components/format.ts';
import { addDecoy, useDecoyChange, usePersonas } from './queries.ts';

/** Sets a decoy up: what it pretends to be, and where it stands. */
export function AddDecoy() {
  const personas = usePersonas();
  const add = useDecoyChange(addDecoy);
  const [persona, setPersona] = useState<string | null>(null);
  const [addresses, setAddresses] = useState('');
  const [portOffset, setPortOffset] = useState(0);
  const chosen = personas.data?.items.find(({ id }) => id === persona);
  const wanted = addresses.split(/[\s,]+/).filter(Boolean);
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        Set a decoy up
      </Title>
      <Stack gap="xs" align="start">
        <Group align="end">
          <Select
            label="Pretends to be"
            placeholder="Choose"
            data={(personas.data?.items ?? []).map(({ id, title, machines }) => ({
              value: id,
              label: machines === 0 ? title : `${title} (${formatCount(machines)} like it here)`,
            }))}
            value={persona}
            onChange={setPersona}
          />
          <TextInput
            label="Addresses"
            placeholder="10.20.7.40 or 10.20.7.128/27"
            w={280}
            value={addresses}
            onChange={({ currentTarget }) => setAddresses(currentTarget.value)}
          />
          <NumberInput
            label="Added to ports"
            min={0}
            max={60_000}
            w={140}
            value={portOffset}
            onChange={(value) => setPortOffset(Number(value))}
          />
          <Button
            disabled={persona === null || wanted.length === 0}
            loading={add.isPending}
            onClick={() => add.mutate({ persona: persona ?? '', addresses: wanted, portOffset })}
          >
            Set up
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          {chosen === undefined
            ? 'Addresses must be those of this machine and nobody else’s; one that is in use is not taken.'
            : `${chosen.description} ${chosen.services.map(({ protocol, port }) => `${protocol} ${port + portOffset}`).join(', ')}.`}
        </Text>
        <ErrorText error={add.error} />
      </Stack>
    </section>
  );
}
