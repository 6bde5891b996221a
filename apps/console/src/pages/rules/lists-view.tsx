import {
  Anchor,
  Button,
  Card,
  FileInput,
  Group,
  Modal,
  Select,
  Stack,
  Table,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { Link } from 'react-router';
import { request } from '../../api/request.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { DelayedTextInput } from '../../components/delayed-text-input.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { formatCount } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { useListEntries, useRuleChange, useValueLists, type ValueList } from './queries.ts';

const TYPES: Readonly<Record<ValueList['type'], string>> = {
  reputation: 'Reputation of addresses: address,score',
  ip: 'Addresses',
  string: 'Texts',
  md5: 'MD5 digests',
  sha256: 'SHA-256 digests',
};

const urlOf = (name: string) => `/rule-lists/${encodeURIComponent(name)}`;

/** Values that rules look up: reputation of addresses, and datasets. */
export function ListsView({ mayWrite }: { mayWrite: boolean }) {
  const { data: lists, error, refetch } = useValueLists();
  const [isAdding, setAdding] = useState(false);
  const [shown, setShown] = useState<ValueList | null>(null);
  if (lists === undefined)
    return error === null ? <LoadingState what="the lists" /> : <ErrorState error={error} onRetry={refetch} />;
  const addButton = mayWrite && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      Add a list
    </Button>
  );
  return (
    <>
      {lists.length === 0 ? (
        <EmptyState
          title="No list yet"
          description="Rules with “iprep” look up how bad an address is, rules with “dataset” whether a value is known. Those whose list is missing are rejected until it is there."
          action={addButton}
        />
      ) : (
        <>
          <Group justify="flex-end" mb="sm">
            {addButton}
          </Group>
          <ListTable lists={lists} mayWrite={mayWrite} onShow={setShown} />
        </>
      )}
      {isAdding && <PutListDialog onClose={() => setAdding(false)} />}
      {shown !== null && <EntriesDialog list={shown} mayWrite={mayWrite} onClose={() => setShown(null)} />}
    </>
  );
}

function ListTable(props: { lists: readonly ValueList[]; mayWrite: boolean; onShow: (list: ValueList) => void }) {
  const { lists, mayWrite, onShow } = props;
  const remove = useRuleChange((name: string) => request('DELETE', urlOf(name)));
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Lists">
        <TableHead columns={['List', { title: 'Entries', isNumber: true }, 'Changed', 'Used by', 'Actions']} />
        <Table.Tbody>
          {lists.map((list) => (
            <Table.Tr key={list.name}>
              <Table.Td>
                <Text size="sm" fw={600}>
                  {list.name}
                </Text>
                <Text size="xs" c="dimmed">
                  {TYPES[list.type]}
                  {list.description !== '' && ` · ${list.description}`}
                </Text>
              </Table.Td>
              <Table.Td ta="right">{formatCount(list.entries)}</Table.Td>
              <Table.Td>
                <TimeText time={list.updatedAt} />
              </Table.Td>
              <Table.Td>
                <Users list={list} />
              </Table.Td>
              <Table.Td>
                <Group gap={4} wrap="nowrap">
                  <Button
                    size="xs"
                    variant="default"
                    onClick={() => onShow(list)}
                    aria-label={`Entries of ${list.name}`}
                  >
                    Entries
                  </Button>
                  {mayWrite && (
                    <ConfirmButton
                      size="xs"
                      variant="default"
                      question={`Remove ${list.name}?`}
                      consequence={`${formatCount(list.usedBy)} rules use it. They are rejected until a list of this name is there again.`}
                      confirmLabel="Remove"
                      onConfirm={() => remove.mutateAsync(list.name)}
                    >
                      Remove
                    </ConfirmButton>
                  )}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Users({ list: { rules, usedBy } }: { list: ValueList }) {
  if (usedBy === 0) return 'no rule';
  const shown = rules.slice(0, 3);
  return (
    <Text size="sm">
      {shown.map((id, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <Anchor component={Link} to={`/rules/${id}`} size="sm">
            {id}
          </Anchor>
        </span>
      ))}
      {usedBy > shown.length && ` and ${formatCount(usedBy - shown.length)} more`}
    </Text>
  );
}

function PutListDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [type, setType] = useState<ValueList['type']>('reputation');
  const [description, setDescription] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [text, setText] = useState('');
  const put = useRuleChange((body: Blob) => request('PUT', urlOf(name), { query: { type, description }, body }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    put.mutate(file ?? new Blob([text]), { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title="Add a list" size="lg">
      <form onSubmit={submit}>
        <Stack>
          <Select
            label="What its entries are"
            data={Object.entries(TYPES).map(([value, label]) => ({ value, label }))}
            allowDeselect={false}
            value={type}
            onChange={(value) => setType(value as ValueList['type'])}
          />
          <TextInput
            label="Name"
            description={
              type === 'reputation'
                ? 'The category that rules name: iprep:src,NAME,>,50'
                : 'The file that rules load: dataset:isset,set,type ip,load NAME'
            }
            required
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value.trim())}
          />
          <TextInput
            label="Where it is from"
            description="Optional, for those who read it later"
            maxLength={500}
            value={description}
            onChange={({ currentTarget }) => setDescription(currentTarget.value)}
          />
          <FileInput label="File" description="One entry a line" clearable value={file} onChange={setFile} />
          {file === null && (
            <Textarea
              label="Or the entries themselves"
              placeholder={type === 'reputation' ? '192.0.2.7,90' : ''}
              autosize
              minRows={4}
              maxRows={12}
              value={text}
              onChange={({ currentTarget }) => setText(currentTarget.value)}
            />
          )}
          <ErrorText error={put.error} />
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={put.isPending} disabled={name === '' || (file === null && text === '')}>
              Add the list
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function EntriesDialog({ list, mayWrite, onClose }: { list: ValueList; mayWrite: boolean; onClose: () => void }) {
  const [search, setSearch] = useState('');
  const [entry, setEntry] = useState('');
  const found = useListEntries(list.name, search);
  const change = useRuleChange((body: { add?: readonly string[]; remove?: readonly string[] }) =>
    request('PATCH', urlOf(list.name), { body }),
  );
  const entries = found.data?.pages.flatMap((page) => page.items) ?? [];
  const add = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ add: [entry.trim()] }, { onSuccess: () => setEntry('') });
  };
  return (
    <Modal opened onClose={onClose} title={`Entries of ${list.name}`} size="lg">
      <Stack>
        {mayWrite && (
          <Card withBorder p="sm" component="form" onSubmit={add}>
            <Group align="end">
              <TextInput
                label="New entry"
                placeholder={list.type === 'reputation' ? '192.0.2.7,90' : ''}
                flex={1}
                value={entry}
                onChange={({ currentTarget }) => setEntry(currentTarget.value)}
              />
              <Button type="submit" disabled={entry.trim() === ''} loading={change.isPending}>
                Add
              </Button>
            </Group>
          </Card>
        )}
        <ErrorText error={change.error ?? found.error} />
        <DelayedTextInput label="Search" value={search} onChange={setSearch} />
        {entries.length === 0 && !found.isPending && <Text c="dimmed">No entry fits.</Text>}
        {entries.length > 0 && (
          <Table aria-label={`Entries of ${list.name}`} verticalSpacing={4}>
            <TableHead columns={list.type === 'reputation' ? ['Entry', 'Score', 'Action'] : ['Entry', 'Action']} />
            <Table.Tbody>
              {entries.map(({ value, score }) => (
                <Table.Tr key={value}>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
                  {list.type === 'reputation' && <Table.Td>{score}</Table.Td>}
                  <Table.Td>
                    {mayWrite && (
                      <Button
                        size="compact-xs"
                        variant="default"
                        aria-label={`Remove ${value}`}
                        onClick={() => change.mutate({ remove: [value] })}
                      >
                        Remove
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
        {found.hasNextPage && (
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => found.fetchNextPage()}>
            Show more
          </Button>
        )}
      </Stack>
    </Modal>
  );
}
