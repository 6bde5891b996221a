import { Alert, Anchor, Button, Group, List, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { EntryForm } from './entry-form.tsx';
import { EntryMoney } from './entry-money.tsx';
import {
  actOnEntry,
  type Link as EntryLink,
  type RegisterDetail,
  useRegisterEntry,
  useRiskChange,
} from './register-queries.ts';
import { CONCERN_WORDS, CONSEQUENCE_WORDS, dayText, timeOf } from './register-words.ts';
import { LEVELS, LevelBadge, percent } from './risk-words.tsx';

/** One risk of the register: how it stands, who does what, what it costs, what was before. */
export function EntryPanel({ id }: { id: string }) {
  const { data, error, refetch } = useRegisterEntry(id);
  const mayWrite = useMay('risk:write');
  if (data === undefined) {
    return error === null ? <LoadingState what="the risk" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  const isOpen = data.status === 'open';
  return (
    <Stack gap="md">
      <Standing entry={data} />
      {isOpen && mayWrite ? (
        <EntryForm key={data.history[0]?.sequence} entry={data} />
      ) : (
        <>
          <Text size="sm">{data.description}</Text>
          <Text size="sm">{data.plan}</Text>
        </>
      )}
      {isOpen && <AcceptForm entry={data} />}
      <EntryMoney key={`money-${data.history[0]?.sequence}`} entry={data} mayWrite={mayWrite && isOpen} />
      {mayWrite && <LifeButtons entry={data} />}
      <section>
        <Title order={3} size="h5">
          History
        </Title>
        <List size="sm">
          {data.history.map(({ sequence, at, by, change }) => (
            <List.Item key={sequence}>
              <TimeText time={at} /> {by}: {change}
            </List.Item>
          ))}
        </List>
      </section>
    </Stack>
  );
}

function Standing({ entry }: { entry: RegisterDetail }) {
  const { number, title, level, basis, worst, probability, consequence, appetite, concerns, links, acceptance } = entry;
  return (
    <div>
      <Title order={3} size="h4">
        R-{number}: {title}
      </Title>
      <Group gap={6} my={4}>
        {basis === 'none' ? <Text size="sm">Level unknown</Text> : <LevelBadge level={level} />}
        <Text size="sm">
          {basis === 'none'
            ? 'It is linked with nothing that the model knows, and nobody states how likely and how bad it is.'
            : `${percent(probability)} within 30 days ${basis === 'model' ? `by the model${worst === null ? '' : `, worst at ${worst}`}` : 'as people state it'}; the hospital carries ${LEVELS[appetite].title.toLowerCase()} for ${CONSEQUENCE_WORDS[consequence].toLowerCase()}.`}
        </Text>
      </Group>
      {concerns.length > 0 && (
        <Alert color="orange" variant="outline" mb={4}>
          {concerns.map((each) => CONCERN_WORDS[each] ?? each).join(', ')}
        </Alert>
      )}
      {acceptance !== null && (
        <Text size="sm">
          Accepted by {acceptance.by} until {dayText(acceptance.until)}: {acceptance.reason}
        </Text>
      )}
      {links.length > 0 && (
        <Text size="sm">
          About:{' '}
          {links.slice(0, 10).map((link, index) => (
            <span key={link.id}>
              {index > 0 && ', '}
              <Anchor component={Link} to={addressOf(link)} size="sm">
                {link.name || link.id}
              </Anchor>
            </span>
          ))}
          {links.length > 10 && ` and ${links.length - 10} more`}
        </Text>
      )}
    </div>
  );
}

function addressOf({ kind, id }: EntryLink): string {
  const name = encodeURIComponent(id);
  if (kind === 'asset') return `/risk?view=assets&asset=${name}`;
  if (kind === 'clinical-service') return `/care-map?node=${name}`;
  return kind === 'incident' ? `/incidents/${name}` : `/weaknesses/${name}`;
}

function AcceptForm({ entry }: { entry: RegisterDetail }) {
  const [until, setUntil] = useState('');
  const [reason, setReason] = useState('');
  const accept = useRiskChange(() => actOnEntry(entry.id, 'accept', { until: timeOf(until), reason }));
  if (!useMay('risk:accept')) return null;
  return (
    <section>
      <Title order={3} size="h5">
        Accept it for a time
      </Title>
      <Group align="flex-end">
        <TextInput
          type="date"
          label="Until, within a year"
          value={until}
          onChange={({ currentTarget }) => setUntil(currentTarget.value)}
        />
        <TextInput
          label="Why it is carried"
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
          style={{ flex: 1 }}
        />
        <Button
          variant="default"
          disabled={until === '' || reason.trim() === ''}
          loading={accept.isPending}
          onClick={() => accept.mutate(undefined)}
        >
          Accept
        </Button>
      </Group>
      <ErrorText error={accept.error} />
    </section>
  );
}

function LifeButtons({ entry: { id, status, history } }: { entry: RegisterDetail }) {
  const [reason, setReason] = useState('');
  const act = useRiskChange((action: 'close' | 'reopen' | 'undo') =>
    actOnEntry(id, action, action === 'close' ? { reason } : undefined),
  );
  return (
    <section>
      <Group align="flex-end">
        {status === 'open' ? (
          <>
            <TextInput
              label="Why it is closed"
              value={reason}
              onChange={({ currentTarget }) => setReason(currentTarget.value)}
            />
            <Button variant="default" disabled={reason.trim() === ''} onClick={() => act.mutate('close')}>
              Close the risk
            </Button>
          </>
        ) : (
          <Button variant="default" onClick={() => act.mutate('reopen')}>
            Open it again
          </Button>
        )}
        {history.length > 1 && (
          <Button variant="default" loading={act.isPending} onClick={() => act.mutate('undo')}>
            Take the last change back
          </Button>
        )}
      </Group>
      <ErrorText error={act.error} />
    </section>
  );
}
