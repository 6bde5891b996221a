import { Autocomplete, Button, Group, Table, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useMay } from '../../api/session.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { addContact, removeContact, useContacts, useDowntimeChange } from './queries.ts';

const EMPTY = { role: '', name: '', phone: '', area: '', note: '' };

/** Lists that people keep. @param areas care areas that there are */
export function Contacts({ areas }: { areas: readonly string[] }) {
  const contacts = useContacts().data?.items ?? [];
  const may = useMay('downtime:write');
  const remove = useDowntimeChange(removeContact);
  return (
    <>
      {contacts.length === 0 ? (
        <Text size="sm">Nobody is stated yet. A page without a number to call helps little.</Text>
      ) : (
        <Table.ScrollContainer minWidth={620}>
          <Table aria-label="Contacts">
            <TableHead columns={['Ward', 'What for', 'Who', 'Telephone', 'Note', 'Change']} />
            <Table.Tbody>
              {contacts.map(({ id, area, role, name, phone, note }) => (
                <Table.Tr key={id}>
                  <Table.Td>{area || 'every ward'}</Table.Td>
                  <Table.Td>{role}</Table.Td>
                  <Table.Td>{name}</Table.Td>
                  <Table.Td>{phone}</Table.Td>
                  <Table.Td>{note}</Table.Td>
                  <Table.Td>
                    {may && (
                      <ConfirmButton
                        size="compact-sm"
                        variant="default"
                        question={`Take "${role}" off the lists?`}
                        consequence="The next export no longer has it; papers at the wall still do."
                        confirmLabel="Take off"
                        onConfirm={() => remove.mutateAsync(id)}
                      >
                        Take off
                      </ConfirmButton>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {may && <AddContact areas={areas} />}
    </>
  );
}

function AddContact({ areas }: { areas: readonly string[] }) {
  const [contact, setContact] = useState(EMPTY);
  const add = useDowntimeChange(addContact);
  const set = (name: keyof typeof EMPTY, value: string) => setContact((known) => ({ ...known, [name]: value }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(contact, { onSuccess: () => setContact(EMPTY) });
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="xs">
        <TextInput
          label="What for"
          required
          value={contact.role}
          onChange={(event) => set('role', event.currentTarget.value)}
        />
        <TextInput label="Who" value={contact.name} onChange={(event) => set('name', event.currentTarget.value)} />
        <TextInput
          label="Telephone"
          required
          value={contact.phone}
          onChange={(event) => set('phone', event.currentTarget.value)}
        />
        <Autocomplete
          label="Ward"
          placeholder="every ward"
          data={[...areas]}
          value={contact.area}
          onChange={(value) => set('area', value)}
        />
        <TextInput label="Note" value={contact.note} onChange={(event) => set('note', event.currentTarget.value)} />
        <Button type="submit" loading={add.isPending}>
          Add
        </Button>
      </Group>
      <ErrorText error={add.error} />
    </form>
  );
}
