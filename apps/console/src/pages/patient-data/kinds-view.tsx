import { Button, List, Stack, Table, Text, Textarea, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { formatQuantity } from '../../components/format.ts';
import { SourceLink } from '../../components/source-link.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { type DataKind, useFind, useKinds } from './queries.ts';
import { countWords } from './words.ts';

const KINDS: Readonly<Record<DataKind['kind'], string>> = {
  identifier: 'Number of a person',
  record: 'Form of records',
  terms: 'Words of medicine',
  'cloud-service': 'Service on the internet',
};

/** What is recognised, and a place to try it. */
export function KindsView() {
  const kinds = useKinds();
  const [search, setSearch] = useState('');
  if (kinds.data === undefined) {
    return kinds.error === null ? (
      <LoadingState what="what is recognised" />
    ) : (
      <ErrorState error={kinds.error} onRetry={kinds.refetch} />
    );
  }
  const words = search.trim().toLowerCase();
  const shown = kinds.data.items.filter(({ id, title, country }) =>
    `${id} ${title} ${country ?? ''}`.toLowerCase().includes(words),
  );
  return (
    <Stack gap="lg">
      <TryText kinds={new Map(kinds.data.items.map((kind) => [kind.id, kind]))} />
      <section>
        <Title order={2} size="h4" mb="xs">
          What is recognised
        </Title>
        <TextInput
          label="Search"
          placeholder="country, number, form or service"
          maw={320}
          mb="sm"
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        />
        <Table.ScrollContainer minWidth={520}>
          <Table aria-label="What is recognised" verticalSpacing={4}>
            <TableHead columns={['What', 'Kind', 'Country', 'Source']} />
            <Table.Tbody>
              {shown.map(({ id, title, kind, country, source }) => (
                <Table.Tr key={id}>
                  <Table.Td>{title}</Table.Td>
                  <Table.Td>{KINDS[kind]}</Table.Td>
                  <Table.Td>{country ?? ''}</Table.Td>
                  <Table.Td>{source !== '' && <SourceLink url={source} of={title} />}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        <Text size="sm" c="dimmed" role="status">
          {formatQuantity(shown.length, 'kind')}
        </Text>
      </section>
    </Stack>
  );
}

function TryText({ kinds }: { kinds: ReadonlyMap<string, DataKind> }) {
  const find = useFind();
  const [text, setText] = useState('');
  const found = find.data === undefined ? undefined : countWords(find.data, kinds);
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        Try a text
      </Title>
      <Stack gap="xs" maw={640} align="start">
        <Textarea
          label="Text"
          description="It is looked at once and kept nowhere."
          autosize
          minRows={3}
          maxRows={10}
          w="100%"
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <Button disabled={text.trim() === ''} loading={find.isPending} onClick={() => find.mutate(text)}>
          Look for data of patients
        </Button>
        <ErrorText error={find.error} />
        <div role="status">
          {found?.length === 0 && <Text size="sm">Nothing was recognised.</Text>}
          {found !== undefined && found.length > 0 && (
            <List size="sm">
              {found.map((line) => (
                <List.Item key={line}>{line}</List.Item>
              ))}
            </List>
          )}
        </div>
      </Stack>
    </section>
  );
}
