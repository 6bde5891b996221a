import { Checkbox, Select, Table, Text, TextInput } from '@mantine/core';
import { TableHead } from '../../components/table-head.tsx';
import { COLUMNS, type FieldChange, type ProposedField } from './format-proposal.ts';

interface Props {
  readonly fields: readonly ProposedField[];
  readonly canRename: boolean;
  readonly changes: ReadonlyMap<string, FieldChange>;
  readonly onChange: (change: FieldChange) => void;
}

/** What was found in the lines; names, columns and what names a patient can be set right. */
export function ProposedFields({ fields, canRename, changes, onChange }: Props) {
  if (fields.length === 0) return <Text size="sm">No field was found in these lines.</Text>;
  return (
    <Table.ScrollContainer minWidth={700}>
      <Table aria-label="Fields" verticalSpacing={4}>
        <TableHead columns={['Keep', 'Field', 'Column', 'May name a patient', 'Examples']} />
        <Table.Tbody>
          {fields.map((field) => (
            <FieldRow
              key={field.name}
              field={field}
              canRename={canRename}
              change={changes.get(field.name) ?? { name: field.name }}
              onChange={onChange}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function FieldRow(props: {
  readonly field: ProposedField;
  readonly canRename: boolean;
  readonly change: FieldChange;
  readonly onChange: (change: FieldChange) => void;
}) {
  const { field, canRename, change, onChange } = props;
  const { name, kind, column, isPatient, examples } = field;
  const isDropped = change.isDropped === true;
  return (
    <Table.Tr>
      <Table.Td>
        <Checkbox
          aria-label={`Keep ${name}`}
          checked={!isDropped}
          onChange={({ currentTarget }) => onChange({ ...change, isDropped: !currentTarget.checked })}
        />
      </Table.Td>
      <Table.Td>
        {canRename ? (
          <TextInput
            aria-label={`Name of ${name}`}
            size="xs"
            disabled={isDropped}
            value={change.rename ?? name}
            onChange={({ currentTarget }) => onChange({ ...change, rename: currentTarget.value })}
          />
        ) : (
          <Text size="sm">{name}</Text>
        )}
        <Text size="xs" c="dimmed">
          {kind}
        </Text>
      </Table.Td>
      <Table.Td>
        <Select
          aria-label={`Column of ${name}`}
          size="xs"
          searchable
          clearable
          placeholder="its own field only"
          disabled={isDropped}
          data={COLUMNS}
          value={(change.column ?? column) || null}
          onChange={(value) => onChange({ ...change, column: value ?? '' })}
        />
      </Table.Td>
      <Table.Td>
        <Checkbox
          aria-label={`${name} may name a patient`}
          disabled={isDropped}
          checked={change.isPatient ?? isPatient}
          onChange={({ currentTarget }) => onChange({ ...change, isPatient: currentTarget.checked })}
        />
      </Table.Td>
      <Table.Td maw={260}>
        <Text size="xs" truncate>
          {examples.join(', ')}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
