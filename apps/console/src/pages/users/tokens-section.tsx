import {
  Alert,
  Button,
  Code,
  CopyButton,
  Group,
  Modal,
  MultiSelect,
  Paper,
  ScrollArea,
  Select,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useMay, useSession } from '../../api/session.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { type ApiToken, useCreateToken, useRemoveToken, useTokens, useUsers } from './queries.ts';

export function TokensSection() {
  const { data, error, isPending, refetch } = useTokens();
  const [isCreating, creating] = useDisclosure(false);
  return (
    <Paper component="section">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          API tokens
        </Title>
        <Button size="xs" leftSection={<IconKey size={16} aria-hidden />} onClick={creating.open}>
          Make a token
        </Button>
      </Group>
      {isPending ? (
        <LoadingState what="the tokens" />
      ) : data === undefined ? (
        <ErrorState error={error} onRetry={refetch} />
      ) : data.items.length === 0 ? (
        <Text c="dimmed">No token yet. A program that reads the API needs one.</Text>
      ) : (
        <ScrollArea type="auto">
          <Table miw={700}>
            <TableHead columns={['Name', 'Owner', 'May', 'Last used', 'Ends', 'Change']} />
            <Table.Tbody>
              {data.items.map((token) => (
                <TokenRow key={token.id} token={token} />
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      )}
      <CreateToken isOpen={isCreating} onClose={creating.close} />
    </Paper>
  );
}

function TokenRow({ token }: { token: ApiToken }) {
  const remove = useRemoveToken(token.id);
  return (
    <Table.Tr>
      <Table.Td>{token.name}</Table.Td>
      <Table.Td>{token.username}</Table.Td>
      <Table.Td>{token.permissions.join(', ')}</Table.Td>
      <Table.Td>{token.lastUsedAt === null ? 'never' : <TimeText time={token.lastUsedAt} />}</Table.Td>
      <Table.Td>{token.expiresAt === null ? 'never' : <TimeText time={token.expiresAt} />}</Table.Td>
      <Table.Td>
        <ConfirmButton
          size="xs"
          variant="default"
          question={`Withdraw ${token.name}?`}
          consequence="Programs that use this token are refused from now on."
          confirmLabel="Withdraw"
          onConfirm={() => remove.mutateAsync()}
        >
          Withdraw
        </ConfirmButton>
      </Table.Td>
    </Table.Tr>
  );
}

/** Accounts of vendors, for whoever manages users. */
function useVendors() {
  const { data } = useUsers(useMay('users:write'));
  return data?.items.filter(({ role, isDisabled }) => role === 'vendor' && !isDisabled) ?? [];
}

const DURATIONS = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'a year' },
];

/** What a token of a vendor may be for. */
const VENDOR_SCOPES = ['vendor:read', 'vendor:upload'];

function CreateToken({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { data: user } = useSession();
  const vendors = useVendors();
  const [vendor, setVendor] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [permissions, setPermissions] = useState<string[]>([]);
  const [days, setDays] = useState('90');
  const create = useCreateToken();
  const close = () => {
    create.reset();
    setName('');
    setPermissions([]);
    setVendor(null);
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({
      name,
      permissions,
      expiresInDays: Number(days),
      ...(vendor === null ? {} : { userId: vendor }),
    });
  };
  return (
    <Modal opened={isOpen} onClose={close} title="Make a token" centered size="lg">
      {create.data === undefined ? (
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              label="What is it for?"
              required
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              data-autofocus
            />
            {vendors.length > 0 && (
              <Select
                label="Whose is it?"
                description="A token of a vendor sees and sends what that vendor may"
                placeholder="Your own"
                data={vendors.map(({ id, username }) => ({ value: id, label: username }))}
                value={vendor}
                clearable
                onChange={(value) => {
                  setVendor(value);
                  setPermissions([]);
                }}
              />
            )}
            <MultiSelect
              label="It may"
              description="As little as it needs; never more than the role of its owner"
              data={vendor === null ? [...(user?.permissions ?? [])] : VENDOR_SCOPES}
              value={permissions}
              onChange={setPermissions}
              searchable
              required
            />
            <Select
              label="It ends after"
              data={DURATIONS}
              value={days}
              allowDeselect={false}
              onChange={(value) => value !== null && setDays(value)}
            />
            <ErrorText error={create.error} />
            <Button type="submit" loading={create.isPending} disabled={permissions.length === 0}>
              Make the token
            </Button>
          </Stack>
        </form>
      ) : (
        <Secret secret={create.data.secret} onClose={close} />
      )}
    </Modal>
  );
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Stack>
      <Alert color="orange" variant="outline" title="Copy it now">
        This is the only time that it is shown. SPHINX keeps a fingerprint of it and nothing more.
      </Alert>
      <Code block>{secret}</Code>
      <Group justify="flex-end">
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}
