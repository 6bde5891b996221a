import { Button, Group, Select, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { DelayedTextInput } from '../../components/delayed-text-input.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { type ExplorerFilter, isNarrowed, NO_FILTER } from './explorer-filter.ts';
import { useProtocolTree } from './queries.ts';

const ENCRYPTIONS = [
  { value: 'any', label: 'encrypted or not' },
  { value: 'encrypted', label: 'encrypted' },
  { value: 'clear', label: 'in clear text' },
] as const;
const ANSWERS = [
  { value: 'any', label: 'answered or not' },
  { value: 'unanswered', label: 'that nobody answered' },
] as const;

/** The filter as a sentence whose words can be changed. */
export function FilterSentence(props: { filter: ExplorerFilter; onChange: (part: Partial<ExplorerFilter>) => void }) {
  const { filter, onChange } = props;
  const protocols = useProtocolTree(NO_FILTER).data?.map(({ protocol }) => protocol) ?? [];
  const known = [...new Set([...protocols, ...(filter.protocol === null ? [] : [filter.protocol])])].sort();
  return (
    <Group gap="xs" role="search" aria-label="Traffic" mb="md">
      <Text>Show</Text>
      <Select
        aria-label="Protocol"
        w={170}
        placeholder="every protocol"
        data={known}
        value={filter.protocol}
        onChange={(protocol) => onChange({ protocol })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Every protocol' }}
        nothingFoundMessage="None"
      />
      <Text>from or to</Text>
      <AddressInput value={filter.address} onChange={(address) => onChange({ address })} />
      <Select
        aria-label="Encryption"
        w={175}
        data={[...ENCRYPTIONS]}
        value={filter.encryption ?? 'any'}
        allowDeselect={false}
        onChange={(value) => onChange({ encryption: value === 'encrypted' || value === 'clear' ? value : null })}
      />
      <Select
        aria-label="Answers"
        w={195}
        data={[...ANSWERS]}
        value={filter.isUnanswered ? 'unanswered' : 'any'}
        allowDeselect={false}
        onChange={(value) => onChange({ isUnanswered: value === 'unanswered' })}
      />
      <Text role="status">{spanText(filter)}</Text>
      {isNarrowed(filter) && (
        <Button variant="subtle" leftSection={<IconX size={16} aria-hidden />} onClick={() => onChange(NO_FILTER)}>
          Show all
        </Button>
      )}
    </Group>
  );
}

function spanText({ from, until }: ExplorerFilter): string {
  if (from === null && until === null) return 'at any time.';
  const start = from === null ? '' : `from ${formatTime(from)} `;
  return `${start}${until === null ? 'on' : `until ${formatTime(until)}`}.`;
}

function AddressInput({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <DelayedTextInput
      aria-label="Address"
      w={170}
      placeholder="any address"
      value={value}
      onChange={(text) => onChange(text.trim())}
    />
  );
}
