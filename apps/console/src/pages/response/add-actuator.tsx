import { Button, Group, Modal, PasswordInput, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { SettingInput } from '../../components/setting-input.tsx';
import { addActuator, useActuatorKinds, useResponseChange } from './queries.ts';

/** Settings with this ending name a value that is sealed, and never shown again. */
const SECRET = /Secret$/;

/** Sets an actuator up. Nothing is sent to it. */
export function AddActuator({ onClose }: { onClose: () => void }) {
  const kinds = useActuatorKinds().data?.items ?? [];
  const [type, setType] = useState<string | null>(null);
  const [id, setId] = useState('');
  const [networks, setNetworks] = useState<string[]>([]);
  const [settings, setSettings] = useState<Record<string, unknown>>({});
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const add = useResponseChange(addActuator);
  const kind = kinds.find((each) => each.type === type);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const names = Object.keys(secrets).filter((name) => secrets[name] !== '');
    const sealed = Object.fromEntries(names.map((name) => [`${id}-${name}`, secrets[name]]));
    const named = Object.fromEntries(names.map((name) => [name, `${id}-${name}`]));
    const body = { id, type, settings: { ...settings, ...named }, scope: { networks, devices: [] }, secrets: sealed };
    add.mutate(body, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title="Set an actuator up" size="lg">
      <form onSubmit={submit}>
        <Stack>
          <Select
            label="Kind"
            required
            searchable
            data={kinds.map((each) => ({ value: each.type, label: each.title }))}
            value={type}
            onChange={(value) => {
              setType(value);
              setSettings({});
              setSecrets({});
            }}
          />
          {kind !== undefined && (
            <Text size="sm" c="dimmed">
              {`${kind.description} ${kind.proof === 'real' ? 'Tried with' : 'Tried only against recorded answers:'} ${kind.triedWith}.`}
            </Text>
          )}
          <TextInput
            label="Name"
            description="Small letters, digits and hyphens, for example core-firewall"
            required
            value={id}
            onChange={(event) => setId(event.currentTarget.value)}
          />
          <TagsInput
            label="Networks that it serves"
            description="For example 10.20.0.0/16; empty: everything"
            value={networks}
            onChange={setNetworks}
          />
          {Object.entries(kind?.settings.properties ?? {}).map(([name, schema]) =>
            SECRET.test(name) ? (
              <PasswordInput
                key={name}
                label={schema.title ?? name.replace(SECRET, '')}
                description={`${schema.description ?? ''} Kept sealed, never shown again.`}
                value={secrets[name] ?? ''}
                onChange={(event) => {
                  const { value } = event.currentTarget;
                  setSecrets((known) => ({ ...known, [name]: value }));
                }}
              />
            ) : (
              <SettingInput
                key={name}
                title={schema.title ?? name}
                description={schema.description ?? ''}
                schema={schema}
                value={settings[name] ?? schema.default ?? ''}
                onChange={(value) => setSettings((known) => ({ ...known, [name]: value }))}
              />
            ),
          )}
          <ErrorText error={add.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending} disabled={type === null}>
              Set up
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
