import { Anchor, Badge, Button, Group, Select, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { formatCount } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { createToken, type Honeytoken, revokeToken, useDecoyChange, useHoneytokens } from './queries.ts';

const KINDS: Readonly<Record<string, string>> = {
  credential: 'Account',
  patient: 'Patient',
  'dicom-study': 'Examination',
  document: 'Document',
  'dns-name': 'Host name',
};

/** Values that are planted to be found, and a place to make one. */
export function TokensView() {
  const { data, error, refetch } = useHoneytokens();
  const mayChange = useMay('decoys:write');
  if (data === undefined) {
    return error === null ? <LoadingState what="the honeytokens" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  return (
    <Stack gap="lg">
      {mayChange && <CreateToken />}
      {data.items.length === 0 ? (
        <EmptyState
          title="Nothing is planted"
          description="A honeytoken belongs to nobody: whoever uses it found it where you put it."
        />
      ) : (
        <Table.ScrollContainer minWidth={760}>
          <Table aria-label="Honeytokens, newest first" verticalSpacing={6}>
            <TableHead
              columns={[
                'Kind',
                'Where it is planted',
                'What to plant',
                { title: 'Uses', isNumber: true },
                'Last',
                'Action',
              ]}
            />
            <Table.Tbody>
              {data.items.map((token) => (
                <TokenRow key={token.id} token={token} mayChange={mayChange} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}

function CreateToken() {
  const create = useDecoyChange(createToken);
  const [kind, setKind] = useState<string | null>('credential');
  const [label, setLabel] = useState('');
  const [place, setPlace] = useState('');
  const field = kind === 'document' ? 'address' : kind === 'dns-name' ? 'domain' : undefined;
  const submit = () =>
    create.mutate({
      kind: kind ?? 'credential',
      label,
      ...(field === undefined || place === '' ? {} : { [field]: place }),
    });
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        Make something to plant
      </Title>
      <Group align="end">
        <Select
          label="Kind"
          allowDeselect={false}
          data={Object.entries(KINDS).map(([value, title]) => ({ value, label: title }))}
          value={kind}
          onChange={setKind}
        />
        <TextInput
          label="Where it is planted"
          placeholder="password list on the file server"
          w={280}
          value={label}
          onChange={({ currentTarget }) => setLabel(currentTarget.value)}
        />
        {field !== undefined && (
          <TextInput
            label={field === 'address' ? 'Address of a decoy with a web page' : 'Domain'}
            value={place}
            onChange={({ currentTarget }) => setPlace(currentTarget.value)}
          />
        )}
        <Button disabled={label.trim() === ''} loading={create.isPending} onClick={submit}>
          Make
        </Button>
      </Group>
      <ErrorText error={create.error} />
    </section>
  );
}

function TokenRow({ token, mayChange }: { token: Honeytoken; mayChange: boolean }) {
  const { id, kind, label, values, revokedAt, uses, lastUse, lastSource } = token;
  const revoke = useDecoyChange(revokeToken);
  return (
    <Table.Tr>
      <Table.Td>{KINDS[kind] ?? kind}</Table.Td>
      <Table.Td>{label}</Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }} maw={320}>
        {Object.entries(values).map(([name, value]) => (
          <Text key={name} size="xs">
            {name}: {value}
          </Text>
        ))}
        {mayChange && kind === 'document' && (
          <Anchor href={`/api/v1/honeytokens/${encodeURIComponent(id)}/document`} size="sm" download>
            the document
          </Anchor>
        )}
      </Table.Td>
      <Table.Td ta="right">
        {uses === 0 ? (
          'none'
        ) : (
          <Badge color="red.9" variant="filled">
            {formatCount(uses)}
          </Badge>
        )}
      </Table.Td>
      <Table.Td>
        {lastUse === null ? 'never' : <TimeText time={lastUse} />}
        <Text size="xs" c="dimmed">
          {lastSource}
        </Text>
      </Table.Td>
      <Table.Td>
        {revokedAt !== null && 'revoked'}
        {mayChange && revokedAt === null && (
          <ConfirmButton
            size="compact-sm"
            variant="default"
            question="Revoke this honeytoken?"
            consequence="It raises no alarm any more, wherever it still lies."
            confirmLabel="Revoke"
            onConfirm={() => revoke.mutateAsync(id)}
          >
            Revoke
          </ConfirmButton>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
