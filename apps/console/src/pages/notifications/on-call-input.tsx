import { ActionIcon, Button, Fieldset, Group, MultiSelect, Select, Stack, Text, TextInput } from '@mantine/core';
import type { Severity } from '@sphinx/schema';
import { IconTrash } from '@tabler/icons-react';
import { SEVERITIES } from '../../components/badges.tsx';
import type { ChannelSettings } from './queries.ts';

type Shift = ChannelSettings['onCall'][number];

/** 1 is Monday. */
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'].map((label, index) => ({
  value: String(index + 1),
  label,
}));
const NEW_SHIFT: Shift = {
  name: '',
  address: '',
  days: [1, 2, 3, 4, 5, 6, 7],
  from: '20:00',
  until: '08:00',
  leastSeverity: 'high',
};

/** Who is on call at which hours, from which severity on: they get the mail, too. */
export function OnCallInput(props: { shifts: readonly Shift[]; onChange: (shifts: readonly Shift[]) => void }) {
  const { shifts, onChange } = props;
  const change = (index: number, part: Partial<Shift>) =>
    onChange(shifts.map((shift, at) => (at === index ? { ...shift, ...part } : shift)));
  return (
    <Fieldset legend="On call">
      <Text size="xs" c="dimmed" mb="xs">
        Whoever has the shift gets the mail as well, from the severity on that the shift names. A shift that ends before
        it begins ends the next day.
      </Text>
      <Stack gap="sm">
        {shifts.map((shift, index) => (
          // Shifts have no id, and their inputs hold nothing of their own that could go to another one.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <ShiftInput key={index} number={index + 1} shift={shift} onChange={(part) => change(index, part)}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove shift ${index + 1}`}
              onClick={() => onChange(shifts.filter((_, at) => at !== index))}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </ShiftInput>
        ))}
        <Group>
          <Button variant="default" size="xs" onClick={() => onChange([...shifts, NEW_SHIFT])}>
            Add a shift
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}

function ShiftInput(props: {
  number: number;
  shift: Shift;
  onChange: (part: Partial<Shift>) => void;
  children: React.ReactNode;
}) {
  const { number, shift, onChange, children } = props;
  const of = (what: string) => `${what} of shift ${number}`;
  return (
    <Group align="end" gap="xs">
      <TextInput
        label="Name"
        aria-label={of('Name')}
        w={120}
        value={shift.name}
        onChange={({ currentTarget }) => onChange({ name: currentTarget.value })}
      />
      <TextInput
        label="Mail address"
        aria-label={of('Mail address')}
        w={190}
        value={shift.address}
        onChange={({ currentTarget }) => onChange({ address: currentTarget.value.trim() })}
      />
      <MultiSelect
        label="Days"
        aria-label={of('Days')}
        w={220}
        data={DAYS}
        value={shift.days.map(String)}
        onChange={(days) => onChange({ days: days.map(Number).toSorted((a, b) => a - b) })}
      />
      <TextInput
        label="From"
        aria-label={of('From')}
        w={80}
        value={shift.from}
        onChange={({ currentTarget }) => onChange({ from: currentTarget.value })}
      />
      <TextInput
        label="Until"
        aria-label={of('Until')}
        w={80}
        value={shift.until}
        onChange={({ currentTarget }) => onChange({ until: currentTarget.value })}
      />
      <Select
        label="From severity"
        aria-label={of('Severity')}
        w={130}
        allowDeselect={false}
        data={[...SEVERITIES]}
        value={shift.leastSeverity}
        onChange={(value) => onChange({ leastSeverity: (value ?? 'high') as Severity })}
      />
      {children}
    </Group>
  );
}
