import { Progress, Table, Text } from '@mantine/core';

/** A part of a whole as a number and as a bar. */
export function ShareCell({ part, whole }: { part: number; whole: number }) {
  const percent = whole === 0 ? 0 : (100 * part) / whole;
  return (
    <Table.Td>
      <Text size="sm">{percent < 0.1 ? 'below 0.1' : percent.toFixed(1)} %</Text>
      <Progress value={percent} size="sm" aria-hidden />
    </Table.Td>
  );
}
