import {
  Badge,
  Button,
  Group,
  Modal,
  Paper,
  PasswordInput,
  ScrollArea,
  Select,
  Stack,
  Table,
  TextInput,
  Title,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconUserPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { ROLE_TITLES, useMay } from '../../api/session.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { MakersDialog, MakersField, VendorMakers } from './makers-field.tsx';
import { type NewUser, type User, useAddUser, useChangeUser, useRemoveUser, useUsers } from './queries.ts';

const ROLES = Object.entries(ROLE_TITLES).map(([value, label]) => ({ value, label }));

export function UsersSection() {
  const { data, error, isPending, refetch } = useUsers(true);
  const mayWrite = useMay('users:write');
  const [isAdding, adding] = useDisclosure(false);
  return (
    <Paper component="section">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          Users
        </Title>
        {mayWrite && (
          <Button size="xs" leftSection={<IconUserPlus size={16} aria-hidden />} onClick={adding.open}>
            Add a user
          </Button>
        )}
      </Group>
      {isPending ? (
        <LoadingState what="the users" />
      ) : data === undefined ? (
        <ErrorState error={error} onRetry={refetch} />
      ) : (
        <ScrollArea type="auto">
          <Table miw={700}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>User name</Table.Th>
                <Table.Th>Role</Table.Th>
                <Table.Th>Last sign-in</Table.Th>
                {mayWrite && <Table.Th>Change</Table.Th>}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.items.map((user) => (
                <UserRow key={user.id} user={user} mayWrite={mayWrite} />
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      )}
      <AddUser isOpen={isAdding} onClose={adding.close} />
    </Paper>
  );
}

function UserRow({ user, mayWrite }: { user: User; mayWrite: boolean }) {
  const change = useChangeUser(user.id);
  const remove = useRemoveUser(user.id);
  const [asksMakers, setAsksMakers] = useState(false);
  return (
    <Table.Tr>
      <Table.Td>
        {user.name}{' '}
        {user.isDisabled && (
          <Badge color="gray.7" tt="none">
            locked
          </Badge>
        )}
        <ErrorText error={change.error} />
      </Table.Td>
      <Table.Td>{user.username}</Table.Td>
      <Table.Td>
        {mayWrite ? (
          <Select
            aria-label={`Role of ${user.name}`}
            data={ROLES}
            value={user.role}
            allowDeselect={false}
            onChange={(role) => role !== null && (role === 'vendor' ? setAsksMakers(true) : change.mutate({ role }))}
            w={210}
          />
        ) : (
          (ROLE_TITLES[user.role] ?? user.role)
        )}
        {user.role === 'vendor' && (
          <VendorMakers user={user} onChange={mayWrite ? () => setAsksMakers(true) : undefined} />
        )}
        {asksMakers && (
          <MakersDialog
            user={user}
            onClose={() => setAsksMakers(false)}
            onSave={(makers) => change.mutateAsync({ role: 'vendor', makers })}
          />
        )}
      </Table.Td>
      <Table.Td>{user.lastSignInAt === null ? 'never' : <TimeText time={user.lastSignInAt} />}</Table.Td>
      {mayWrite && (
        <Table.Td>
          <Group gap="xs" wrap="nowrap">
            <Button size="xs" variant="default" onClick={() => change.mutate({ isDisabled: !user.isDisabled })}>
              {user.isDisabled ? 'Unlock' : 'Lock'}
            </Button>
            <ConfirmButton
              size="xs"
              variant="default"
              question={`Remove ${user.name}?`}
              consequence="Sessions and tokens of this user end at once. The audit trail keeps what was done."
              confirmLabel="Remove"
              onConfirm={() => remove.mutateAsync()}
            >
              Remove
            </ConfirmButton>
          </Group>
        </Table.Td>
      )}
    </Table.Tr>
  );
}

const EMPTY: NewUser = { username: '', name: '', role: 'viewer', makers: [], password: '' };

function AddUser({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [fields, setFields] = useState(EMPTY);
  const add = useAddUser();
  const set = (part: Partial<NewUser>) => setFields((before) => ({ ...before, ...part }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(fields, {
      onSuccess: ({ name }) => {
        notifications.show({ message: `${name} can sign in now.` });
        setFields(EMPTY);
        onClose();
      },
    });
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title="Add a user" centered>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            required
            value={fields.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
            data-autofocus
          />
          <TextInput
            label="User name"
            description="Lower-case letters, digits, dots, dashes"
            required
            autoComplete="off"
            value={fields.username}
            onChange={(event) => set({ username: event.currentTarget.value })}
          />
          <Select
            label="Role"
            data={ROLES}
            value={fields.role}
            allowDeselect={false}
            onChange={(role) => role !== null && set({ role, makers: [] })}
          />
          {fields.role === 'vendor' && <MakersField value={fields.makers} onChange={(makers) => set({ makers })} />}
          <PasswordInput
            label="First password"
            description="At least 12 characters; the user can change it"
            required
            minLength={12}
            autoComplete="new-password"
            value={fields.password}
            onChange={(event) => set({ password: event.currentTarget.value })}
          />
          <ErrorText error={add.error} />
          <Button type="submit" loading={add.isPending}>
            Add
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
