import { Badge, Code, Group, List, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatQuantity } from '../../components/format.ts';
import type { ProposedLine } from './format-proposal.ts';

/** More lines than these are counted, not shown. */
const SHOWN_LINES = 15;
const SHOWN_SIGNS = 600;
/** Columns that are the line itself, or are there of any line. */
const LEFT_OUT = new Set(['format', 'kind']);

/** Sample lines with their values marked; with what they give, on request. */
export function ProposedLines({ lines, hasColumns }: { lines: readonly ProposedLine[]; hasColumns: boolean }) {
  const unread = lines.filter(({ isRead }) => !isRead);
  // What is not read is seen first: it is what somebody has to decide about.
  const shown = [...unread, ...lines.filter(({ isRead }) => isRead)].slice(0, SHOWN_LINES);
  return (
    <Stack gap="xs">
      <Text size="sm" role="status">
        {formatQuantity(lines.length - unread.length, 'line')} of {lines.length} would be read.
      </Text>
      <List listStyleType="none" spacing="xs" aria-label="Sample lines" styles={{ itemWrapper: { width: '100%' } }}>
        {shown.map((line, index) => (
          // Lines may be the same, and never change places.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <List.Item key={index}>
            <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {marked(line)}
            </Code>
            <Standing line={line} />
            {hasColumns && line.isRead && <Given line={line} />}
          </List.Item>
        ))}
      </List>
      {lines.length > shown.length && (
        <Text size="sm" c="dimmed">
          and {formatQuantity(lines.length - shown.length, 'further line')}
        </Text>
      )}
    </Stack>
  );
}

function Standing({ line: { isRead, format, knownFormat } }: { line: ProposedLine }) {
  if (!isRead) {
    return (
      <Group gap="xs" mt={4}>
        <Badge color="red" variant="light">
          not read
        </Badge>
        <Text size="xs" c="dimmed">
          {format === '' ? 'It is kept as it came.' : `It stays with the format ${format}.`}
        </Text>
      </Group>
    );
  }
  if (knownFormat === '') return null;
  return (
    <Text size="xs" c="dimmed" mt={4}>
      The format {knownFormat} reads it already; yours would come before it.
    </Text>
  );
}

function Given({ line: { columns, timeMs } }: { line: ProposedLine }) {
  const cells = Object.entries(columns).filter(([name]) => !LEFT_OUT.has(name));
  return (
    <Text size="xs" mt={4} style={{ overflowWrap: 'anywhere' }}>
      {timeMs !== null && <Cell name="time" value={new Date(timeMs).toISOString()} />}
      {cells.map(([name, value]) => (
        <Cell key={name} name={name} value={String(value).slice(0, 200)} />
      ))}
    </Text>
  );
}

function Cell({ name, value }: { name: string; value: string }) {
  return (
    <>
      <Text span inherit c="dimmed">
        {name}
      </Text>{' '}
      {value}{' '}
    </>
  );
}

/** The line, each value that stands in it as a mark with the name of its field. */
function marked({ line, values }: ProposedLine): ReactNode[] {
  const places = values
    .filter(({ start, end }) => start >= 0 && end > start && end <= SHOWN_SIGNS)
    .toSorted((a, b) => a.start - b.start);
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { name, start, end } of places) {
    if (start < at) continue;
    parts.push(
      line.slice(at, start),
      <mark key={start} title={name} style={MARK}>
        {line.slice(start, end)}
      </mark>,
    );
    at = end;
  }
  parts.push(line.slice(at, SHOWN_SIGNS), line.length > SHOWN_SIGNS ? '…' : '');
  return parts;
}

const MARK = {
  color: 'inherit',
  background: 'var(--mantine-color-blue-light)',
  borderBottom: '2px solid var(--mantine-color-blue-outline)',
} as const;
