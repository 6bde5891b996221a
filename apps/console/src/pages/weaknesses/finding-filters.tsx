import { Group, Select, Switch } from '@mantine/core';
import { useAddressFilter } from '../../components/address-filter.ts';
import { DelayedTextInput } from '../../components/delayed-text-input.tsx';
import { DECISION_WORDS, DECISIONS, STATUS_TITLES } from './weakness-words.tsx';

const NAMES = [
  'search',
  'decision',
  'status',
  'presence',
  'knownExploited',
  'overdue',
  'vendor',
  'ward',
  'zone',
  'kind',
  'owner',
] as const;

/** Filters that stand in the address; `isNarrowed` when any does. */
export const useFindingFilter = () => useAddressFilter(NAMES, ['search']);

const PRESENCE = [
  { value: 'affected', label: 'Certain' },
  { value: 'possibly-affected', label: 'Version unclear' },
];
const STATUSES = [
  { value: 'all', label: 'Any' },
  ...Object.entries(STATUS_TITLES).map(([value, label]) => ({ value, label })),
];

/** What is shown of all findings. */
export function FindingFilters() {
  const { query, set } = useFindingFilter();
  return (
    <Group align="end" gap="sm" role="search" aria-label="Weaknesses" mb="md">
      <DelayedTextInput
        label="Search"
        placeholder="CVE, title, device, maker"
        w={185}
        value={query.search ?? ''}
        onChange={(text) => set('search', text.trim())}
      />
      <Select
        label="Decision"
        placeholder="any"
        w={115}
        clearable
        clearButtonProps={{ 'aria-label': 'Any decision' }}
        data={DECISIONS.map((value) => ({ value, label: DECISION_WORDS[value].title }))}
        value={query.decision ?? null}
        onChange={(value) => set('decision', value)}
      />
      <Select
        label="How sure"
        placeholder="any"
        w={150}
        clearable
        clearButtonProps={{ 'aria-label': 'However sure' }}
        data={PRESENCE}
        value={query.presence ?? null}
        onChange={(value) => set('presence', value)}
      />
      <Select
        label="Status"
        placeholder="open or in progress"
        w={190}
        clearable
        clearButtonProps={{ 'aria-label': 'Open or in progress' }}
        data={STATUSES}
        value={query.status ?? null}
        onChange={(value) => set('status', value)}
      />
      <Switch
        label="Known to be exploited"
        mb={8}
        checked={query.knownExploited === 'true'}
        onChange={(event) => set('knownExploited', event.currentTarget.checked ? 'true' : null)}
      />
      <Switch
        label="Overdue"
        mb={8}
        checked={query.overdue === 'true'}
        onChange={(event) => set('overdue', event.currentTarget.checked ? 'true' : null)}
      />
    </Group>
  );
}
