import { Button, Checkbox, Group, MultiSelect, Select, Stack, Switch, TextInput } from '@mantine/core';
import type { Severity } from '@sphinx/schema';
import { useState } from 'react';
import { SEVERITIES } from '../../components/badges.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { useIncidentChange } from '../incidents/queries.ts';
import { OnCallInput } from './on-call-input.tsx';
import { type Channel, type ChannelKind, type ChannelSettings, saveChannel } from './queries.ts';
import { KIND_TITLES, NEW_TARGETS, TargetInputs } from './target-inputs.tsx';

const NEW: ChannelSettings = {
  name: '',
  isEnabled: true,
  leastSeverity: 'high',
  events: ['opened'],
  quietHours: null,
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  onCall: [],
  target: NEW_TARGETS.mail,
};
const EVENTS = [
  { value: 'opened', label: 'it is opened' },
  { value: 'updated', label: 'it changes' },
  { value: 'closed', label: 'it is closed' },
];

/** One channel: where to, from which severity on, when not, who is on call. */
export function ChannelForm({ channel, onDone }: { channel: Channel | undefined; onDone: () => void }) {
  const { id, hasSecret, ...known } = channel ?? { ...NEW, id: undefined, hasSecret: false };
  const [settings, setSettings] = useState<ChannelSettings>(known);
  const [secret, setSecret] = useState('');
  const save = useIncidentChange(() => saveChannel(settings, secret, id));
  const set = (change: Partial<ChannelSettings>) => setSettings({ ...settings, ...change });
  const { quietHours } = settings;
  return (
    <Stack>
      <TextInput
        label="Name"
        required
        value={settings.name}
        onChange={({ currentTarget }) => set({ name: currentTarget.value })}
      />
      <Select
        label="Kind"
        allowDeselect={false}
        data={Object.entries(KIND_TITLES).map(([value, label]) => ({ value, label }))}
        value={settings.target.kind}
        onChange={(kind) => set({ target: NEW_TARGETS[(kind ?? 'mail') as ChannelKind] })}
      />
      <TargetInputs
        target={settings.target}
        onChange={(target) => set({ target })}
        secret={secret}
        hasSecret={hasSecret}
        onSecret={setSecret}
      />
      <Select
        label="From this severity on"
        allowDeselect={false}
        data={[...SEVERITIES]}
        value={settings.leastSeverity}
        onChange={(value) => set({ leastSeverity: (value ?? 'high') as Severity })}
      />
      <MultiSelect
        label="Tell of an incident when"
        data={EVENTS}
        value={[...settings.events]}
        onChange={(events) => set({ events })}
      />
      <Checkbox
        label="Quiet hours"
        checked={quietHours !== null}
        onChange={({ currentTarget }) =>
          set({ quietHours: currentTarget.checked ? { from: '22:00', until: '06:00', exceptFrom: 'critical' } : null })
        }
      />
      {quietHours !== null && (
        <Group align="end">
          <TextInput
            label="From"
            w={90}
            value={quietHours.from}
            onChange={({ currentTarget }) => set({ quietHours: { ...quietHours, from: currentTarget.value } })}
          />
          <TextInput
            label="Until"
            w={90}
            value={quietHours.until}
            onChange={({ currentTarget }) => set({ quietHours: { ...quietHours, until: currentTarget.value } })}
          />
          <Select
            label="Not for, from"
            w={140}
            allowDeselect={false}
            data={[...SEVERITIES]}
            value={quietHours.exceptFrom}
            onChange={(value) => set({ quietHours: { ...quietHours, exceptFrom: (value ?? 'critical') as Severity } })}
          />
        </Group>
      )}
      {settings.target.kind === 'mail' && (
        <OnCallInput shifts={settings.onCall} onChange={(onCall) => set({ onCall })} />
      )}
      {(quietHours !== null || settings.onCall.length > 0) && (
        <TextInput
          label="Time zone of these hours"
          w={220}
          value={settings.timeZone}
          onChange={({ currentTarget }) => set({ timeZone: currentTarget.value })}
        />
      )}
      <Switch
        label="On"
        checked={settings.isEnabled}
        onChange={({ currentTarget }) => set({ isEnabled: currentTarget.checked })}
      />
      <ErrorText error={save.error} />
      <Group justify="flex-end">
        <Button
          disabled={settings.name.trim() === '' || settings.events.length === 0}
          loading={save.isPending}
          onClick={() => save.mutate(undefined, { onSuccess: onDone })}
        >
          Save
        </Button>
      </Group>
    </Stack>
  );
}
