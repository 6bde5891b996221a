import { Button, Group, Select, Switch } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import { DelayedTextInput } from '../../components/delayed-text-input.tsx';
import { type AssetFilter, isNarrowed } from './asset-filter.ts';
import type { AssetsSummary } from './queries.ts';

/** What narrows the list. Every choice says how many assets it leaves. */
export function FilterBar(props: {
  filter: AssetFilter;
  summary: AssetsSummary | undefined;
  onChange: (change: Partial<AssetFilter>) => void;
}) {
  const { filter, summary, onChange } = props;
  return (
    <Group gap="sm" align="end" role="search" aria-label="Assets">
      <SearchInput value={filter.search} onChange={(search) => onChange({ search })} />
      <Choice label="Kind" value={filter.kind} counts={summary?.kinds} onChange={(kind) => onChange({ kind })} />
      <Choice label="Zone" value={filter.zone} counts={summary?.zones} onChange={(zone) => onChange({ zone })} />
      <Choice
        label="Manufacturer"
        value={filter.manufacturer}
        counts={summary?.manufacturers}
        onChange={(manufacturer) => onChange({ manufacturer })}
      />
      <Choice
        label="Patient safety"
        value={filter.safetyClass}
        counts={summary?.patientSafetyClasses}
        onChange={(safetyClass) => onChange({ safetyClass })}
      />
      <Switch
        label={`New${summary === undefined ? '' : ` (${summary.new})`}`}
        checked={filter.isNew}
        onChange={(event) => onChange({ isNew: event.currentTarget.checked })}
        mb={8}
      />
      <Switch
        label={`With conflicts${summary === undefined ? '' : ` (${summary.withConflicts})`}`}
        checked={filter.hasConflicts}
        onChange={(event) => onChange({ hasConflicts: event.currentTarget.checked })}
        mb={8}
      />
      {isNarrowed(filter) && (
        <Button variant="subtle" leftSection={<IconX size={16} aria-hidden />} onClick={() => onChange(NO_FILTER)}>
          Clear filters
        </Button>
      )}
    </Group>
  );
}

const NO_FILTER: Partial<AssetFilter> = {
  search: '',
  kind: null,
  zone: null,
  manufacturer: null,
  safetyClass: null,
  isNew: false,
  hasConflicts: false,
};

function SearchInput({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => input.current?.focus()]]);
  return (
    <DelayedTextInput
      inputRef={input}
      label="Search"
      description="Name, address, maker, model, serial, AE title ( / )"
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      placeholder="siemens ct"
      leftSection={<IconSearch size={16} aria-hidden />}
      value={value}
      onChange={onChange}
      w={260}
    />
  );
}

function Choice(props: {
  label: string;
  value: string | null;
  counts: AssetsSummary['kinds'] | undefined;
  onChange: (value: string | null) => void;
}) {
  const { label, value, counts = [], onChange } = props;
  const data = counts.map(({ id, title, count }) => ({ value: id, label: `${title} (${count})` }));
  // A link may name something that is not there any more; it must show nevertheless.
  const isListed = value === null || counts.some(({ id }) => id === value);
  return (
    <Select
      label={label}
      placeholder="All"
      value={value}
      data={isListed ? data : [...data, { value, label: `${value} (0)` }]}
      onChange={onChange}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${label}` }}
      nothingFoundMessage="None"
      w={165}
    />
  );
}
