import { Button, Code, Group, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { Fact, FactTable } from '../../components/fact-rows.tsx';
import { SectionTitle } from '../../components/section-title.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { type LogEvent, useReveal } from './queries.ts';

const HIDDEN = new Set(['fields', 'raw', 'time', 'logged_time', 'log_id', 'is_sample']);

/** All of one event: common columns, its own fields, the line as it came. */
export function EventDetail({ event }: { event: LogEvent }) {
  const reveal = useReveal();
  const shown = reveal.data ?? event;
  const columns = Object.entries(shown).filter(
    ([name, value]) => !HIDDEN.has(name) && value !== '' && value !== null && value !== undefined,
  );
  return (
    <Stack>
      <FactTable label="Event">
        <Fact title="When">
          <TimeText time={shown.time} />
        </Fact>
        <Fact title="Came in">
          <TimeText time={shown.logged_time} />
        </Fact>
        {columns.map(([name, value]) => (
          <Fact key={name} title={name}>
            {String(value)}
          </Fact>
        ))}
      </FactTable>
      <SectionTitle>Its own fields</SectionTitle>
      <FactTable label="Its own fields">
        {Object.entries(shown.fields).map(([name, value]) => (
          <Fact key={name} title={name}>
            {typeof value === 'string' ? value : JSON.stringify(value)}
          </Fact>
        ))}
      </FactTable>
      <SectionTitle>As it came</SectionTitle>
      <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {shown.raw}
      </Code>
      {reveal.data === undefined && <Reveal id={event.log_id} reveal={reveal} />}
    </Stack>
  );
}

function Reveal({ id, reveal }: { id: string; reveal: ReturnType<typeof useReveal> }) {
  const [reason, setReason] = useState('');
  if (!useMay('logs:reveal')) return null;
  return (
    <>
      <Group align="end">
        <TextInput
          label="Why the masked values are needed"
          description="Your name and the reason are recorded."
          style={{ flexGrow: 1 }}
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={reason.trim().length < 5}
          loading={reveal.isPending}
          onClick={() => reveal.mutate({ id, reason })}
        >
          Show without mask
        </Button>
      </Group>
      <ErrorText error={reveal.error} />
    </>
  );
}
