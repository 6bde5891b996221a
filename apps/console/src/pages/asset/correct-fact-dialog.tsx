import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import type { Asset, AssetFactName } from '@sphinx/schema';
import { type FormEvent, useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { DOWNTIME_COST_TITLES, FACT_TITLES, SAFETY_CLASS_TITLES } from './fact-titles.ts';
import { useChangeAsset, useChoices } from './queries.ts';

const SAFETY_CLASSES = Object.entries(SAFETY_CLASS_TITLES).map(([value, label]) => ({ value, label }));

const DOWNTIME_COSTS = Object.entries(DOWNTIME_COST_TITLES).map(([value, label]) => ({ value, label }));

/** What a person states wins over everything that is found automatically, until it is taken back. */
export function CorrectFactDialog(props: { asset: Asset; name: AssetFactName; onClose: () => void }) {
  const { asset, name, onClose } = props;
  const fact = asset.facts[name];
  const [value, setValue] = useState(fact?.value ?? '');
  const change = useChangeAsset(asset.id);
  const title = FACT_TITLES[name].toLowerCase();
  const isStated = fact?.origin.kind === 'manual' || fact?.origin.kind === 'imported';
  const save = (body: Parameters<typeof change.mutate>[0]) => change.mutate(body, { onSuccess: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save({ facts: { [name]: value.trim() } });
  };
  return (
    <Modal opened onClose={onClose} title={`Correct the ${title} of ${asset.name}`}>
      <form onSubmit={submit}>
        <Stack>
          <FactInput name={name} value={value} onChange={setValue} />
          <Text size="sm" c="dimmed">
            What you state wins over what the network shows. The asset is verified again with it.
          </Text>
          <ErrorText error={change.error} />
          <Group justify="end">
            {isStated && (
              <Button variant="subtle" onClick={() => save({ resetFacts: [name] })}>
                Use what the network shows
              </Button>
            )}
            <Button type="submit" loading={change.isPending} disabled={value.trim() === ''}>
              State it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function FactInput({
  name,
  value,
  onChange,
}: {
  name: AssetFactName;
  value: string;
  onChange: (value: string) => void;
}) {
  switch (name) {
    case 'kind':
      return <KnownChoice name={name} path="/asset-kinds" value={value} onChange={onChange} />;
    case 'zone':
      return <KnownChoice name={name} path="/zones" value={value} onChange={onChange} />;
    case 'patientSafetyClass':
      return <ChoiceInput name={name} value={value} data={SAFETY_CLASSES} onChange={onChange} />;
    case 'downtimeCost':
      return <ChoiceInput name={name} value={value} data={DOWNTIME_COSTS} onChange={onChange} />;
    default:
      return (
        <TextInput
          label={FACT_TITLES[name]}
          data-autofocus
          value={value}
          maxLength={200}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

function KnownChoice(props: {
  name: AssetFactName;
  path: '/asset-kinds' | '/zones';
  value: string;
  onChange: (value: string) => void;
}) {
  const { name, path, value, onChange } = props;
  const { data = [], error } = useChoices(path);
  return (
    <>
      <ErrorText error={error} />
      <ChoiceInput name={name} value={value} data={data} onChange={onChange} />
    </>
  );
}

function ChoiceInput(props: {
  name: AssetFactName;
  value: string;
  data: { value: string; label: string }[];
  onChange: (value: string) => void;
}) {
  const { name, value, data, onChange } = props;
  return (
    <Select
      label={FACT_TITLES[name]}
      data-autofocus
      searchable
      data={data}
      value={value === '' ? null : value}
      onChange={(chosen) => onChange(chosen ?? '')}
    />
  );
}
