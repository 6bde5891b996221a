import { Anchor, Badge, Group, Table, Text, UnstyledButton } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowDown,
  IconArrowsSort,
  IconArrowUp,
  IconEyeOff,
  IconLock,
} from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { SampleBadge } from '../../components/badges.tsx';
import { formatBytes } from '../../components/format.ts';
import { TimeText } from '../../components/time-text.tsx';
import { HolderText } from '../explorer/holder-text.tsx';
import { type AddressHolder, useAddressHolders } from '../explorer/queries.ts';
import { nextSort } from './file-filter.ts';
import { nameText, rulesOf, ruleText } from './file-words.ts';
import { type SeenFile, useFileTypes } from './queries.ts';

const COLUMNS = [
  { title: 'Seen', sortKey: 'time' },
  { title: 'File', sortKey: 'name' },
  { title: 'Type', sortKey: 'type' },
  { title: 'Size', sortKey: 'size', isNumber: true },
  { title: 'From' },
  { title: 'To' },
  { title: 'Over' },
  { title: 'Scan' },
] as const;

/** Files with what they are, between whom, and what scanning found. */
export function FileTable(props: { files: readonly SeenFile[]; sort: string; onSort: (sort: string) => void }) {
  const { files, sort, onSort } = props;
  const holders = useAddressHolders();
  const titles = new Map(useFileTypes().data?.map(({ type, title }) => [type, title]));
  return (
    <Table.ScrollContainer minWidth={1000}>
      <Table aria-label="Files" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            {COLUMNS.map((column) => (
              <ColumnHead key={column.title} {...column} sort={sort} onSort={onSort} />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {files.map((file) => (
            <FileRow key={file.file_id} file={file} title={titles.get(file.type) ?? file.type} holders={holders} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function ColumnHead(props: {
  title: string;
  sortKey?: string;
  isNumber?: boolean;
  sort: string;
  onSort: (sort: string) => void;
}) {
  const { title, sortKey, isNumber = false, sort, onSort } = props;
  const align = isNumber ? { ta: 'right' as const } : {};
  if (sortKey === undefined) return <Table.Th {...align}>{title}</Table.Th>;
  const state = sort === sortKey ? 'ascending' : sort === `-${sortKey}` ? 'descending' : undefined;
  const Icon = state === 'ascending' ? IconArrowUp : state === 'descending' ? IconArrowDown : IconArrowsSort;
  return (
    <Table.Th {...align} aria-sort={state}>
      <UnstyledButton fz="inherit" fw="inherit" onClick={() => onSort(nextSort(sort, sortKey))}>
        <Group gap={4} wrap="nowrap" display="inline-flex">
          {title}
          <Icon size={14} aria-hidden style={{ flex: 'none' }} />
        </Group>
      </UnstyledButton>
    </Table.Th>
  );
}

function FileRow(props: { file: SeenFile; title: string; holders: ReadonlyMap<string, AddressHolder> }) {
  const { file, title, holders } = props;
  const [parameters] = useSearchParams();
  const opened = new URLSearchParams(parameters);
  opened.set('file', file.file_id);
  return (
    <Table.Tr>
      <Table.Td>
        <TimeText time={file.time} />
        {file.is_sample && (
          <div>
            <SampleBadge />
          </div>
        )}
      </Table.Td>
      <Table.Td maw={230} style={{ overflowWrap: 'anywhere' }}>
        <Anchor component={Link} to={`?${opened}`} size="sm" aria-label={`${nameText(file)}: open this file`}>
          {nameText(file)}
        </Anchor>
      </Table.Td>
      <Table.Td maw={210}>
        <Text size="sm">{title}</Text>
        {file.is_mismatch && <MismatchBadge />}
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
        {formatBytes(file.size)}
        {!file.is_whole && (
          <Text size="xs" c="dimmed">
            in part
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <HolderText ip={file.src_ip} port={file.src_port} holder={holders.get(file.src_ip)} />
      </Table.Td>
      <Table.Td>
        <HolderText ip={file.dst_ip} port={file.dst_port} holder={holders.get(file.dst_ip)} />
      </Table.Td>
      <Table.Td>
        {file.app_name}
        <Text size="xs" c="dimmed">
          {file.activity}
        </Text>
      </Table.Td>
      <Table.Td>
        <ScanCell file={file} />
      </Table.Td>
    </Table.Tr>
  );
}

/** Colour and icon and words: the content is not what its name or its sender says. */
export function MismatchBadge() {
  return (
    <Badge color="orange.9" size="sm" tt="none" leftSection={<IconEyeOff size={11} aria-hidden />}>
      Not what its name says
    </Badge>
  );
}

function ScanCell({ file }: { file: SeenFile }) {
  const rules = rulesOf(file);
  return (
    <Group gap={4}>
      {rules.map((rule) => (
        <Badge
          key={rule}
          color="red.9"
          size="sm"
          tt="none"
          leftSection={<IconAlertTriangle size={11} aria-hidden />}
          title={ruleText(rule)}
        >
          {ruleText(rule)}
        </Badge>
      ))}
      {rules.length === 0 && (
        <Text size="sm" c="dimmed">
          {file.verdict === 'clean' ? 'no match' : 'not scanned'}
        </Text>
      )}
      {file.is_kept && (
        <Badge color="gray.7" size="sm" tt="none" leftSection={<IconLock size={11} aria-hidden />}>
          kept
        </Badge>
      )}
    </Group>
  );
}
