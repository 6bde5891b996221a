import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

/** What is known of one thing, a row each. @param label names the table for who cannot see it */
export function FactTable({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Table aria-label={label} verticalSpacing={4} withRowBorders={false}>
      <Table.Tbody>{children}</Table.Tbody>
    </Table>
  );
}

export function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" w={130} fw={500} style={{ verticalAlign: 'top' }}>
        {title}
      </Table.Th>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{children}</Table.Td>
    </Table.Tr>
  );
}
