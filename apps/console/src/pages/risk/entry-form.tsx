import { Button, Group, NumberInput, Pill, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { AssetSelect } from '../../components/asset-select.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { useParameterChange } from '../../components/view-tabs.tsx';
import {
  CONSEQUENCES,
  type Consequence,
  type Link,
  type RegisterDetail,
  type Statement,
  saveEntry,
  TREATMENTS,
  type Treatment,
  useRiskChange,
} from './register-queries.ts';
import { CONSEQUENCE_WORDS, dayText, timeOf } from './register-words.ts';

const EMPTY: Statement = {
  title: '',
  owner: '',
  treatment: 'mitigate',
  consequence: 'care',
  description: '',
  plan: '',
  links: [],
  reviewAt: null,
  stated: null,
};

/** What people state of a risk. @param entry left out for one that is not in the register yet */
export function EntryForm({ entry }: { entry?: RegisterDetail }) {
  const [stated, setStated] = useState<Statement>(entry === undefined ? EMPTY : statementOf(entry));
  const set = useParameterChange();
  const save = useRiskChange((statement: Statement) => saveEntry(entry?.id ?? null, statement));
  const change = (fields: Partial<Statement>) => setStated({ ...stated, ...fields });
  const submit = () => save.mutate(stated, { onSuccess: ({ id }) => entry === undefined && set('entry', id) });
  const isDone = stated.title.trim() !== '' && stated.owner.trim() !== '';
  return (
    <Stack gap="xs">
      <TextInput
        label="Risk"
        required
        maxLength={200}
        value={stated.title}
        onChange={({ currentTarget }) => change({ title: currentTarget.value })}
      />
      <Group grow>
        <TextInput
          label="Owner"
          description="A person or an office"
          required
          maxLength={200}
          value={stated.owner}
          onChange={({ currentTarget }) => change({ owner: currentTarget.value })}
        />
        <TextInput
          type="date"
          label="Review"
          description="When somebody looks at it again"
          value={dayText(stated.reviewAt)}
          onChange={({ currentTarget }) => change({ reviewAt: timeOf(currentTarget.value) })}
        />
      </Group>
      <Group grow>
        <Select
          label="Treatment"
          allowDeselect={false}
          data={[...TREATMENTS]}
          value={stated.treatment}
          onChange={(value) => change({ treatment: (value ?? 'mitigate') as Treatment })}
        />
        <Select
          label="Held against the appetite for"
          allowDeselect={false}
          data={CONSEQUENCES.map((value) => ({ value, label: CONSEQUENCE_WORDS[value] }))}
          value={stated.consequence}
          onChange={(value) => change({ consequence: (value ?? 'care') as Consequence })}
        />
      </Group>
      <Textarea
        label="What it is"
        description="Without data of patients"
        autosize
        value={stated.description}
        onChange={({ currentTarget }) => change({ description: currentTarget.value })}
      />
      <Textarea
        label="Plan"
        description="What is done, by whom, until when"
        autosize
        value={stated.plan}
        onChange={({ currentTarget }) => change({ plan: currentTarget.value })}
      />
      <Links links={stated.links} onChange={(links) => change({ links })} />
      <Judgement stated={stated.stated} onChange={(value) => change({ stated: value })} />
      <Group>
        <Button disabled={!isDone} loading={save.isPending} onClick={submit}>
          {entry === undefined ? 'Add it' : 'Save'}
        </Button>
      </Group>
      <ErrorText error={save.error} />
    </Stack>
  );
}

function Links({ links, onChange }: { links: readonly Link[]; onChange: (links: readonly Link[]) => void }) {
  return (
    <div>
      <AssetSelect
        label="Add a device that it is about"
        value={null}
        onChange={(id) => {
          if (id !== null && !links.some((link) => link.id === id))
            onChange([...links, { kind: 'asset', id, name: '' }]);
        }}
      />
      <Pill.Group mt={4}>
        {links.map((link) => (
          <Pill
            key={link.id}
            withRemoveButton
            removeButtonProps={{ 'aria-label': `Not about ${link.name || link.id}`, 'aria-hidden': false, tabIndex: 0 }}
            onRemove={() => onChange(links.filter(({ id }) => id !== link.id))}
          >
            {link.name || link.id}
          </Pill>
        ))}
      </Pill.Group>
    </div>
  );
}

/** For what the model does not know: a supplier, a building, a person. */
function Judgement(props: { stated: Statement['stated']; onChange: (stated: Statement['stated']) => void }) {
  const { stated, onChange } = props;
  const [likelihood, setLikelihood] = useState<number | string>(stated === null ? '' : stated.probability * 100);
  const [harm, setHarm] = useState<number | string>(stated?.impact ?? '');
  const tell = (first: number | string, second: number | string) => {
    const isWhole = typeof first === 'number' && typeof second === 'number';
    onChange(isWhole ? { probability: first / 100, impact: second } : null);
  };
  return (
    <div>
      <Group grow>
        <NumberInput
          label="Likelihood within 30 days, per cent"
          min={0}
          max={100}
          value={likelihood}
          onChange={(value) => {
            setLikelihood(value);
            tell(value, harm);
          }}
        />
        <NumberInput
          label="Harm, 0 to 100"
          min={0}
          max={100}
          value={harm}
          onChange={(value) => {
            setHarm(value);
            tell(likelihood, value);
          }}
        />
      </Group>
      <Text size="xs" c="dimmed">
        Only for what the model does not know; both or neither. The worse of judgement and model counts.
      </Text>
    </div>
  );
}

function statementOf(entry: RegisterDetail): Statement {
  const { title, owner, treatment, consequence, description, plan, links, reviewAt, stated } = entry;
  return { title, owner, treatment, consequence, description, plan, links, reviewAt, stated };
}
