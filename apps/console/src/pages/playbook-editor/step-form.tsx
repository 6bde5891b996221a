import {
  ActionIcon,
  Button,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import {
  changeStep,
  connect,
  type Draft,
  type DraftCommand,
  type DraftStep,
  nameOf,
  WAYS,
  withField,
} from './draft.ts';

export interface StepFormProps {
  readonly draft: Draft;
  readonly id: string;
  /** @param key what is changed: typing in one field is one step back */
  readonly onChange: (draft: Draft, key: string) => void;
}

/** One step: what it is called, what is done, where it leads. */
export function StepForm({ draft, id, onChange }: StepFormProps) {
  const step = draft.workflow[id];
  if (step === undefined) return null;
  const put = (field: string, value: unknown) =>
    onChange(
      changeStep(draft, id, (each) => withField(each, field, value)),
      `${id} ${field}`,
    );
  return (
    <Stack gap="xs">
      {step.type !== 'start' && step.type !== 'end' && (
        <>
          <TextInput
            label="Name"
            value={step.name ?? ''}
            onChange={({ currentTarget }) => put('name', currentTarget.value)}
          />
          <Textarea
            label="Description"
            autosize
            value={step.description ?? ''}
            onChange={({ currentTarget }) => put('description', currentTarget.value)}
          />
        </>
      )}
      {step.condition !== undefined || step.type === 'if-condition' || step.type === 'while-condition' ? (
        <TextInput
          label="Condition"
          description={'A pattern, such as __is_infected__:value = "true"'}
          value={step.condition ?? ''}
          onChange={({ currentTarget }) =>
            onChange(
              changeStep(draft, id, (each) => ({ ...each, condition: currentTarget.value })),
              `${id} condition`,
            )
          }
        />
      ) : null}
      {step.type === 'switch-condition' && <CaseFields draft={draft} id={id} step={step} onChange={onChange} />}
      {step.type === 'playbook-action' && (
        <TextInput
          label="Id of the playbook"
          placeholder="playbook--…"
          value={step.playbook_id ?? ''}
          onChange={({ currentTarget }) =>
            onChange(
              changeStep(draft, id, (each) => ({ ...each, playbook_id: currentTarget.value })),
              `${id} playbook`,
            )
          }
        />
      )}
      {step.type === 'action' && <ActionFields draft={draft} step={step} put={put} />}
      {step.type === 'parallel' && (
        <MultiSelect
          label="Begin at the same time"
          data={choicesOf(draft, id)}
          value={[...(step.next_steps ?? [])]}
          searchable
          onChange={(next) =>
            onChange(
              changeStep(draft, id, (each) => ({ ...each, next_steps: next })),
              '',
            )
          }
        />
      )}
      {(WAYS[step.type] ?? []).map(([field, title]) => (
        <Select
          key={field}
          label={title}
          placeholder="Nowhere"
          clearable={step.type !== 'start'}
          searchable
          data={choicesOf(draft, id)}
          value={step[field] ?? null}
          onChange={(to) => onChange(connect(draft, id, field, to ?? undefined), '')}
        />
      ))}
    </Stack>
  );
}

function ActionFields({
  draft,
  step,
  put,
}: {
  draft: Draft;
  step: DraftStep;
  put: (field: string, value: unknown) => void;
}) {
  const commands = step.commands ?? [];
  const agents = Object.entries(draft.agent_definitions ?? {}).map(([value, { name }]) => ({ value, label: name }));
  const change = (place: number, command: DraftCommand) =>
    put(
      'commands',
      commands.map((each, index) => (index === place ? command : each)),
    );
  return (
    <>
      <Select
        label="Who does it"
        data={agents}
        value={step.agent ?? null}
        onChange={(agent) => put('agent', agent ?? '')}
      />
      <NumberInput
        label="Time limit, seconds"
        min={0}
        allowDecimal={false}
        value={step.timeout === undefined ? '' : step.timeout / 1000}
        onChange={(value) => put('timeout', typeof value === 'number' ? value * 1000 : undefined)}
      />
      {commands.map((command, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a command has nothing else that tells it from another
        <Group key={place} align="flex-end" wrap="nowrap">
          {typeof command.command === 'string' && command.content_b64 === undefined ? (
            <Textarea
              label={command.type === 'manual' ? 'What a person does' : `Command (${command.type})`}
              autosize
              style={{ flex: 1 }}
              value={command.command}
              onChange={({ currentTarget }) => change(place, { ...command, command: currentTarget.value })}
            />
          ) : (
            <Text size="sm" style={{ flex: 1 }}>
              A command of the type {command.type}; it stays as it is.
            </Text>
          )}
          <ActionIcon
            variant="default"
            size="lg"
            aria-label={`Take command ${place + 1} out`}
            disabled={commands.length === 1}
            onClick={() =>
              put(
                'commands',
                commands.filter((_, index) => index !== place),
              )
            }
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Group>
        <Button
          size="xs"
          variant="default"
          onClick={() => put('commands', [...commands, { type: 'manual', command: 'Say what is to be done' }])}
        >
          Add what a person does
        </Button>
      </Group>
    </>
  );
}

function CaseFields({ draft, id, step, onChange }: StepFormProps & { step: DraftStep }) {
  const [name, setName] = useState('');
  const cases = step.cases ?? {};
  const put = (changed: Readonly<Record<string, string>>) =>
    onChange(
      changeStep(draft, id, (each) => ({ ...each, cases: changed })),
      '',
    );
  const [first] = choicesOf(draft, id);
  return (
    <>
      <TextInput
        label="Variable that decides"
        placeholder="__kind__:value"
        value={step.switch ?? ''}
        onChange={({ currentTarget }) =>
          onChange(
            changeStep(draft, id, (each) => ({ ...each, switch: currentTarget.value })),
            `${id} switch`,
          )
        }
      />
      {Object.entries(cases).map(([value, to]) => (
        <Group key={value} align="flex-end" wrap="nowrap">
          <Select
            label={`If it is "${value}"`}
            data={choicesOf(draft, id)}
            value={to}
            searchable
            allowDeselect={false}
            style={{ flex: 1 }}
            onChange={(next) => put({ ...cases, [value]: next ?? to })}
          />
          <ActionIcon
            variant="default"
            size="lg"
            aria-label={`Take the case "${value}" out`}
            onClick={() => put(Object.fromEntries(Object.entries(cases).filter(([other]) => other !== value)))}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Group align="flex-end">
        <TextInput label="Another case" value={name} onChange={({ currentTarget }) => setName(currentTarget.value)} />
        <Button
          variant="default"
          disabled={name.trim() === '' || first === undefined}
          onClick={() => {
            put({ ...cases, [name.trim()]: first?.value ?? '' });
            setName('');
          }}
        >
          Add it
        </Button>
      </Group>
    </>
  );
}

/** Every other step but the start. Two of one name are told apart by their place. */
function choicesOf(draft: Draft, id: string): { value: string; label: string }[] {
  const others = Object.entries(draft.workflow).filter(([other, { type }]) => other !== id && type !== 'start');
  return others.map(([value, step], place) => {
    const name = nameOf(value, step);
    const isDouble = others.some(([other, each]) => other !== value && nameOf(other, each) === name);
    return { value, label: isDouble ? `${name} (${place + 1})` : name };
  });
}
