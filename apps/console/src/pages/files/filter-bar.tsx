import { Badge, Button, Group, Select, Switch } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import { DelayedTextInput } from '../../components/delayed-text-input.tsx';
import { type FileFilter, isNarrowed, NO_FILTER, SPANS } from './file-filter.ts';
import { CATEGORY_TITLES, ruleText } from './file-words.ts';
import { type FileTypeCount, useFileTypes } from './queries.ts';

const VERDICTS = [
  { value: 'matched', label: 'A rule matched' },
  { value: 'clean', label: 'No rule matched' },
  { value: 'unscanned', label: 'Not scanned' },
];
const ACTIVITIES = [
  { value: 'upload', label: 'Upload' },
  { value: 'download', label: 'Download' },
];
const PROTOCOLS = ['http', 'http2', 'smtp', 'imap', 'pop3', 'ftp-data', 'tftp', 'smb', 'dicom'];

/** What narrows the list of files. */
export function FilterBar(props: { filter: FileFilter; onChange: (change: Partial<FileFilter>) => void }) {
  const { filter, onChange } = props;
  const types = useFileTypes().data ?? [];
  return (
    <>
      <Group gap="sm" align="end" role="search" aria-label="Files" mb="sm">
        <SearchInput value={filter.search} onChange={(search) => onChange({ search })} />
        <Choice
          label="Kind"
          data={categoriesOf(types)}
          value={filter.category}
          onChange={(category) => onChange({ category })}
        />
        <Choice
          label="Type"
          data={types.map(({ type, title, files }) => ({ value: type, label: `${title} (${files})` }))}
          value={filter.type}
          width={230}
          onChange={(type) => onChange({ type })}
        />
        <Choice
          label="Scan"
          data={VERDICTS}
          value={filter.verdict}
          onChange={(verdict) => onChange({ verdict: verdict as FileFilter['verdict'] })}
        />
        <Choice
          label="Protocol"
          data={PROTOCOLS.map((value) => ({ value, label: value }))}
          value={filter.protocol}
          width={130}
          onChange={(protocol) => onChange({ protocol })}
        />
        <Choice
          label="Way"
          data={ACTIVITIES}
          value={filter.activity}
          onChange={(activity) => onChange({ activity: activity as FileFilter['activity'] })}
        />
        <Choice
          label="Seen"
          data={SPANS.map(({ value, label }) => ({ value, label }))}
          value={filter.span}
          placeholder="At any time"
          onChange={(span) => onChange({ span: span as FileFilter['span'] })}
        />
        <Switch
          label="Not what its name says"
          checked={filter.isMismatch}
          onChange={(event) => onChange({ isMismatch: event.currentTarget.checked })}
          mb={8}
        />
        <Switch
          label="Content kept"
          checked={filter.isKept}
          onChange={(event) => onChange({ isKept: event.currentTarget.checked })}
          mb={8}
        />
        {isNarrowed(filter) && (
          <Button
            variant="subtle"
            leftSection={<IconX size={16} aria-hidden />}
            onClick={() => onChange({ ...NO_FILTER, sort: filter.sort })}
          >
            Show all
          </Button>
        )}
      </Group>
      <LinkedFilters filter={filter} />
    </>
  );
}

/** What a link has narrowed the list to: it has no control of its own. */
function LinkedFilters({ filter: { rule, sha256, flow } }: { filter: FileFilter }) {
  const texts = [
    ...(rule === null ? [] : [`Matched by ${ruleText(rule)}`]),
    ...(sha256 === null ? [] : [`Same content as SHA-256 ${sha256.slice(0, 16)}…`]),
    ...(flow === null ? [] : ['Of one flow']),
  ];
  if (texts.length === 0) return null;
  return (
    <Group gap="xs" mb="sm">
      {texts.map((text) => (
        <Badge key={text} color="cyan.9" tt="none">
          {text}
        </Badge>
      ))}
    </Group>
  );
}

function SearchInput({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => input.current?.focus()]]);
  return (
    <DelayedTextInput
      inputRef={input}
      label="Search"
      placeholder="name, hash, address, rule ( / )"
      leftSection={<IconSearch size={16} aria-hidden />}
      value={value}
      onChange={(text) => onChange(text.trim())}
      maxLength={100}
      w={260}
    />
  );
}

function Choice(props: {
  label: string;
  data: readonly { readonly value: string; readonly label: string }[];
  value: string | null;
  onChange: (value: string | null) => void;
  placeholder?: string;
  width?: number;
}) {
  const { label, data, value, onChange, placeholder = 'All', width = 165 } = props;
  // A link may name something that is not there any more; it must show nevertheless.
  const isListed = value === null || data.some((one) => one.value === value);
  return (
    <Select
      label={label}
      placeholder={placeholder}
      value={value}
      data={isListed ? [...data] : [...data, { value, label: value }]}
      onChange={onChange}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${label}` }}
      nothingFoundMessage="None"
      w={width}
    />
  );
}

function categoriesOf(types: readonly FileTypeCount[]): { value: string; label: string }[] {
  const counts = new Map<FileTypeCount['category'], number>();
  for (const { category, files } of types) counts.set(category, (counts.get(category) ?? 0) + files);
  return [...counts].map(([value, count]) => ({ value, label: `${CATEGORY_TITLES[value]} (${count})` }));
}
