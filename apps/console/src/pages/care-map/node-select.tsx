import { MultiSelect, type MultiSelectProps, Select, type SelectProps } from '@mantine/core';
import { useState } from 'react';
import { type CareNode, useNodeChoices } from './queries.ts';

function choiceOf({ id, name }: Pick<CareNode, 'id' | 'name'>) {
  return { value: id, label: name };
}

/** One node of the care map by a few letters of its name. */
export function NodeSelect(
  props: Omit<SelectProps, 'data' | 'value' | 'onChange'> & {
    value: string | null;
    onChange: (id: string | null) => void;
  },
) {
  const { value, onChange, ...rest } = props;
  const [search, setSearch] = useState('');
  const found = useNodeChoices(search).data?.items ?? [];
  const [chosen, setChosen] = useState<CareNode | null>(null);
  const all = chosen === null || found.some(({ id }) => id === chosen.id) ? found : [chosen, ...found];
  return (
    <Select
      {...rest}
      placeholder="Name or network"
      searchable
      data={all.map(choiceOf)}
      filter={({ options }) => options}
      value={value}
      onSearchChange={setSearch}
      onChange={(id) => {
        setChosen(all.find((each) => each.id === id) ?? null);
        onChange(id);
      }}
      nothingFoundMessage="Nothing has such a name"
    />
  );
}

/** Several nodes. @param known names of those that are chosen already */
export function NodesSelect(
  props: Omit<MultiSelectProps, 'data' | 'value' | 'onChange'> & {
    value: readonly string[];
    known: readonly Pick<CareNode, 'id' | 'name'>[];
    isAssetsOnly?: boolean;
    onChange: (ids: string[]) => void;
  },
) {
  const { value, known, isAssetsOnly = false, onChange, ...rest } = props;
  const [search, setSearch] = useState('');
  const choices = useNodeChoices(search).data?.items ?? [];
  const found = choices.filter(({ type }) => !isAssetsOnly || type === 'asset');
  const [seen, setSeen] = useState<readonly CareNode[]>([]);
  const all = new Map([...known, ...seen, ...found].map((node) => [node.id, node]));
  return (
    <MultiSelect
      {...rest}
      placeholder={value.length === 0 ? 'Name or network' : ''}
      searchable
      clearable
      hidePickedOptions
      data={[...all.values()].map(choiceOf)}
      filter={({ options }) =>
        options.filter((option) => 'value' in option && found.some(({ id }) => id === option.value))
      }
      value={[...value]}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={(ids) => {
        setSeen((before) => [...before, ...found.filter(({ id }) => ids.includes(id))]);
        onChange(ids);
      }}
      nothingFoundMessage="Nothing has such a name"
    />
  );
}
