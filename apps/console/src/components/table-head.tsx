import { Table } from '@mantine/core';

type Column =
  | string
  | {
      readonly title: string;
      /** Numbers line up at their last digit. */
      readonly isNumber?: boolean;
      /** CSS width. */
      readonly width?: string | number;
    };

/** The titles of a table's columns. */
export function TableHead({ columns }: { columns: readonly Column[] }) {
  return (
    <Table.Thead>
      <Table.Tr>
        {columns.map((column) => {
          const { title, isNumber, width } =
            typeof column === 'string' ? { title: column, isNumber: false, width: undefined } : column;
          return (
            <Table.Th
              key={title}
              {...(isNumber === true ? { ta: 'right' } : {})}
              {...(width === undefined ? {} : { w: width })}
            >
              {title}
            </Table.Th>
          );
        })}
      </Table.Tr>
    </Table.Thead>
  );
}
