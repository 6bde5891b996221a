import { Button, Group, Modal, Paper, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import type { IncidentVerdict } from '@sphinx/schema';
import { useState } from 'react';
import { useSession } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { VERDICT_TITLES } from '../incidents/incident-words.tsx';
import { actOnIncident, changeIncident, type IncidentDetail, useIncidentChange } from '../incidents/queries.ts';

const OPEN_STATUSES = [
  { value: 'new', label: 'New' },
  { value: 'in-progress', label: 'In progress' },
  { value: 'on-hold', label: 'On hold' },
];

/** Everything that can be done with an incident, in one place. */
export function WorkPanel({ incident }: { incident: IncidentDetail }) {
  const reopen = useIncidentChange(() => actOnIncident(incident.id, 'reopen'));
  if (incident.status === 'closed') {
    return (
      <Group>
        <Button variant="default" loading={reopen.isPending} onClick={() => reopen.mutate(undefined)}>
          Open again
        </Button>
        <ErrorText error={reopen.error} />
      </Group>
    );
  }
  return (
    <Paper component="section" aria-label="Work on the incident">
      <Group align="end" gap="sm">
        <OwnerInput incident={incident} />
        <StatusSelect incident={incident} />
        <HandOver incident={incident} />
        <CloseButton incident={incident} />
      </Group>
      <CommentBox incident={incident} />
    </Paper>
  );
}

function OwnerInput({ incident: { id, owner } }: { incident: IncidentDetail }) {
  const me = useSession().data?.name ?? '';
  const change = useIncidentChange((next: string | null) => changeIncident(id, { owner: next }));
  const [name, setName] = useState<string | null>(null);
  const shown = name ?? owner ?? '';
  return (
    <Group align="end" gap={6}>
      <TextInput
        label="Owner"
        placeholder="nobody"
        w={180}
        value={shown}
        error={change.error === null ? undefined : change.error.message}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      {name !== null && name !== (owner ?? '') && (
        <Button
          variant="default"
          loading={change.isPending}
          onClick={() => change.mutate(name.trim() === '' ? null : name.trim(), { onSuccess: () => setName(null) })}
        >
          Assign
        </Button>
      )}
      {owner !== me && me !== '' && name === null && (
        <Button variant="default" loading={change.isPending} onClick={() => change.mutate(me)}>
          I take it
        </Button>
      )}
    </Group>
  );
}

function StatusSelect({ incident: { id, status } }: { incident: IncidentDetail }) {
  const change = useIncidentChange((next: string) => changeIncident(id, { status: next }));
  return (
    <Select
      label="Status"
      w={150}
      allowDeselect={false}
      data={OPEN_STATUSES}
      value={status}
      error={change.error === null ? undefined : change.error.message}
      onChange={(value) => value !== null && change.mutate(value)}
    />
  );
}

function HandOver({ incident: { id } }: { incident: IncidentDetail }) {
  const [isOpen, setOpen] = useState(false);
  const [to, setTo] = useState('');
  const [note, setNote] = useState('');
  const send = useIncidentChange(() => actOnIncident(id, 'hand-over', { to: to.trim(), note: note.trim() }));
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Hand over
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="Hand the incident over" centered>
        <Stack>
          <TextInput label="To" required value={to} onChange={({ currentTarget }) => setTo(currentTarget.value)} />
          <Textarea
            label="What the next one must know"
            description="What was done, what was found, what is next. No data of patients."
            required
            autosize
            minRows={3}
            value={note}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
          />
          <ErrorText error={send.error} />
          <Group justify="flex-end">
            <Button
              disabled={to.trim() === '' || note.trim() === ''}
              loading={send.isPending}
              onClick={() => send.mutate(undefined, { onSuccess: () => setOpen(false) })}
            >
              Hand over
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

function CloseButton({ incident: { id } }: { incident: IncidentDetail }) {
  const [isOpen, setOpen] = useState(false);
  const [verdict, setVerdict] = useState<IncidentVerdict | null>(null);
  const [note, setNote] = useState('');
  const close = useIncidentChange(() => actOnIncident(id, 'close', { verdict, note: note.trim() }));
  return (
    <>
      <Button onClick={() => setOpen(true)}>Close</Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="Close the incident" centered>
        <Stack>
          <Select
            label="What was it?"
            required
            data={Object.entries(VERDICT_TITLES).map(([value, label]) => ({ value, label }))}
            value={verdict}
            onChange={(value) => setVerdict(value as IncidentVerdict | null)}
          />
          <Textarea
            label="Note"
            description="For whoever meets the like of it. No data of patients."
            autosize
            minRows={2}
            value={note}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
          />
          {(verdict === 'false' || verdict === 'benign') && (
            <Text size="sm">
              From now on the same alerts of the same devices weigh a tenth. What that holds back stands under "Held
              back".
            </Text>
          )}
          <ErrorText error={close.error} />
          <Group justify="flex-end">
            <Button disabled={verdict === null} loading={close.isPending} onClick={() => close.mutate(undefined)}>
              Close the incident
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

function CommentBox({ incident: { id } }: { incident: IncidentDetail }) {
  const [text, setText] = useState('');
  const send = useIncidentChange(() => actOnIncident(id, 'comments', { text: text.trim() }));
  return (
    <Group align="end" mt="sm" gap="sm">
      <Textarea
        label="Comment"
        placeholder="What was done or found; no data of patients"
        autosize
        minRows={1}
        flex="1 1 320px"
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <Button
        variant="default"
        disabled={text.trim() === ''}
        loading={send.isPending}
        onClick={() => send.mutate(undefined, { onSuccess: () => setText('') })}
      >
        Comment
      </Button>
      <ErrorText error={send.error} />
    </Group>
  );
}
