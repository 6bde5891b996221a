import { Badge, Code, ScrollArea, Stack, Table, Text } from '@mantine/core';
import { formatQuantity } from '../../components/format.ts';
import { TableHead } from '../../components/table-head.tsx';
import type { RuleChanges } from './queries.ts';

const CHANGES = {
  added: { title: 'new', color: 'green.9' },
  changed: { title: 'changed', color: 'blue.9' },
  removed: { title: 'gone', color: 'red.9' },
} as const;

/** What a set would be, before it is. */
export function Changes({ changes }: { changes: RuleChanges }) {
  const { added, changed, removed, unchanged, rejected, rules, rejections } = changes;
  return (
    <Stack gap="xs">
      <Text size="sm" role="status">
        {formatQuantity(added, 'rule')} new, {changed} changed, {removed} gone, {unchanged} as they are,{' '}
        {formatQuantity(rejected, 'rule')} rejected.
      </Text>
      {rules.length > 0 && (
        <ScrollArea.Autosize mah={280} viewportProps={{ tabIndex: 0, 'aria-label': 'What changes, rule by rule' }}>
          <Table aria-label="What changes, rule by rule" verticalSpacing={4}>
            <TableHead columns={['What happens', 'Rule', 'Text']} />
            <Table.Tbody>
              {rules.map(({ id, title, change, before, after }) => (
                <Table.Tr key={id} style={{ verticalAlign: 'top' }}>
                  <Table.Td>
                    <Badge tt="none" color={CHANGES[change].color}>
                      {CHANGES[change].title}
                    </Badge>
                  </Table.Td>
                  <Table.Td>
                    {title}
                    <Text size="xs" c="dimmed">
                      {id}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    {before !== null && change === 'changed' && <RuleText label="before" text={before} />}
                    <RuleText label={change === 'changed' ? 'after' : ''} text={after ?? before ?? ''} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      )}
      {rejections.length > 0 && (
        <ScrollArea.Autosize mah={180} viewportProps={{ tabIndex: 0, 'aria-label': 'Rejected rules' }}>
          <Table aria-label="Rejected rules" verticalSpacing={4}>
            <TableHead columns={['Where', 'Rejected because']} />
            <Table.Tbody>
              {rejections.map(({ file, line, reason }) => (
                <Table.Tr key={`${file}:${line}`}>
                  <Table.Td>
                    {file}, line {line}
                  </Table.Td>
                  <Table.Td>{reason}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      )}
    </Stack>
  );
}

function RuleText({ label, text }: { label: string; text: string }) {
  return (
    <div>
      {label !== '' && (
        <Text size="xs" c="dimmed">
          {label}
        </Text>
      )}
      <Code style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>{text}</Code>
    </div>
  );
}
