import { Button, Stack, Table, Text, Textarea, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { formatQuantity } from '../../components/format.ts';
import { SourceLink } from '../../components/source-link.tsx';
import { LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { FormatWizard } from './format-wizard.tsx';
import { useFormats, useLogChange } from './queries.ts';

/** What is read, and a place to put a format of one's own into force. */
export function FormatsView() {
  const { data } = useFormats();
  const mayChange = useMay('logs:write');
  const change = useLogChange();
  const [search, setSearch] = useState('');
  if (data === undefined) return <LoadingState what="the formats" />;
  const words = search.trim().toLowerCase();
  const found = data.items.filter(({ id, title, kind }) => `${id} ${title} ${kind}`.toLowerCase().includes(words));
  return (
    <Stack>
      {mayChange && <OwnFormat />}
      <TextInput
        label="Search"
        maw={320}
        value={search}
        onChange={({ currentTarget }) => setSearch(currentTarget.value)}
      />
      <Table.ScrollContainer minWidth={640}>
        <Table aria-label="Formats" verticalSpacing={4}>
          <TableHead columns={['Format', 'Kind', 'Read as', 'Source', 'Own']} />
          <Table.Tbody>
            {found.map(({ id, title, kind, reads, references, isOwn }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  <Text size="sm">{title}</Text>
                  <Text size="xs" c="dimmed">
                    {id}
                  </Text>
                </Table.Td>
                <Table.Td>{kind}</Table.Td>
                <Table.Td>{reads}</Table.Td>
                <Table.Td>
                  {references
                    .filter((reference) => reference.startsWith('https://'))
                    .slice(0, 1)
                    .map((reference) => (
                      <SourceLink key={reference} url={reference} of={title} />
                    ))}
                </Table.Td>
                <Table.Td>
                  {isOwn && mayChange && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={`Remove ${title}`}
                      onClick={() => change.mutate({ method: 'DELETE', path: `/log-formats/${id}` })}
                    >
                      Remove
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="sm" c="dimmed" role="status">
        {formatQuantity(found.length, 'format')}
      </Text>
    </Stack>
  );
}

function OwnFormat() {
  const [definition, setDefinition] = useState('');
  const [isProposing, setIsProposing] = useState(false);
  const change = useLogChange();
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        A format of your own
      </Title>
      <Stack gap="xs" align="start" maw={760}>
        <Button variant="default" onClick={() => setIsProposing(true)}>
          From sample lines…
        </Button>
        <FormatWizard isOpen={isProposing} onClose={() => setIsProposing(false)} />
        <Textarea
          label="Definition"
          description="YAML as in knowledge/log-formats; it is in force when its cases give what they say."
          autosize
          minRows={3}
          maxRows={20}
          w="100%"
          styles={{ input: { fontFamily: 'monospace' } }}
          value={definition}
          onChange={({ currentTarget }) => setDefinition(currentTarget.value)}
        />
        <Button
          disabled={definition.trim() === ''}
          loading={change.isPending}
          onClick={() =>
            change.mutate(
              { method: 'POST', path: '/log-formats', body: { definition } },
              { onSuccess: () => setDefinition('') },
            )
          }
        >
          Check and put into force
        </Button>
        <ErrorText error={change.error} />
      </Stack>
    </section>
  );
}
