import { Alert, Button, Group, Modal, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import type { WeaknessStatus } from '@sphinx/schema';
import { type FormEvent, useState } from 'react';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { acceptRisk, type Settled, settle, useWeaknessChange } from '../weaknesses/queries.ts';

export interface Targets {
  readonly weakness: string;
  /** None: every device that has the weakness. */
  readonly assetIds?: readonly string[];
}

interface Choice {
  readonly status: WeaknessStatus;
  readonly label: string;
  readonly description: string;
}

const CHOICES: readonly Choice[] = [
  { status: 'in-progress', label: 'In progress', description: 'Somebody works on it.' },
  {
    status: 'fixed',
    label: 'Fixed',
    description: 'Somebody has fixed it. New evidence closes it, or says that it is still there.',
  },
  { status: 'compensated', label: 'Compensated', description: 'It stays, and something else protects the device.' },
  { status: 'accepted-risk', label: 'Risk accepted', description: 'It stays until a day. You sign for it by name.' },
  { status: 'false-positive', label: 'False positive', description: 'The device does not have it.' },
  { status: 'open', label: 'Open', description: 'As it was when it was found.' },
];
const NEEDS_REASON: readonly WeaknessStatus[] = ['accepted-risk', 'false-positive'];

/** What is made of a weakness on some devices. */
export function SettleDialog(props: { targets: Targets; onClose: () => void; onDone: (settled: Settled) => void }) {
  const { targets, onClose, onDone } = props;
  const mayAccept = useMay('weaknesses:accept');
  const [status, setStatus] = useState<WeaknessStatus>('in-progress');
  const [text, setText] = useState({ owner: '', reason: '', control: '', due: '', expires: '' });
  const set = (name: keyof typeof text) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setText((all) => ({ ...all, [name]: value }));
  };
  const change = useWeaknessChange(() => send(targets, status, text));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(undefined, { onSuccess: onDone });
  };
  const isAcceptance = status === 'accepted-risk';
  return (
    <Modal opened onClose={onClose} title={`Settle ${targets.weakness} ${targetText(targets)}`} size="lg">
      <form onSubmit={submit}>
        <Stack>
          <Radio.Group
            label="What is made of it"
            value={status}
            onChange={(value) => setStatus(value as WeaknessStatus)}
          >
            <Stack gap="xs" mt="xs">
              {CHOICES.filter((choice) => mayAccept || choice.status !== 'accepted-risk').map((choice) => (
                <Radio
                  key={choice.status}
                  value={choice.status}
                  label={choice.label}
                  description={choice.description}
                />
              ))}
            </Stack>
          </Radio.Group>
          {status === 'compensated' && (
            <Textarea
              label="What protects it instead"
              placeholder="for example a firewall that lets only the archive reach it"
              required
              autosize
              value={text.control}
              onChange={set('control')}
            />
          )}
          <Textarea
            label="Why"
            required={NEEDS_REASON.includes(status)}
            autosize
            value={text.reason}
            onChange={set('reason')}
          />
          <Group grow>
            <TextInput label="Owner" placeholder="as it is" value={text.owner} onChange={set('owner')} />
            {status === 'in-progress' && (
              <TextInput
                type="date"
                label="Due"
                description="Empty: as the policy says"
                value={text.due}
                onChange={set('due')}
              />
            )}
            {(isAcceptance || status === 'compensated') && (
              <TextInput
                type="date"
                label="Looked at again on"
                required={isAcceptance}
                value={text.expires}
                onChange={set('expires')}
              />
            )}
          </Group>
          {isAcceptance && (
            <Alert color="yellow" variant="outline">
              A statement with your name, the reason and the day is signed and kept. On that day the weakness is open
              again.
            </Alert>
          )}
          <ErrorText error={change.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={change.isPending}>
              {isAcceptance ? 'Accept and sign' : 'Settle'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

export function targetText({ assetIds }: Targets): string {
  if (assetIds === undefined) return 'on every device that has it';
  return assetIds.length === 1 ? 'on the chosen device' : `on ${assetIds.length} chosen devices`;
}

/** @returns the end of a day as a date field gives it; undefined where none is given */
function endOfDay(date: string): number | undefined {
  return date === '' ? undefined : new Date(`${date}T23:59:59`).getTime();
}

function send(
  targets: Targets,
  status: WeaknessStatus,
  {
    owner,
    reason,
    control,
    due,
    expires,
  }: Readonly<Record<'owner' | 'reason' | 'control' | 'due' | 'expires', string>>,
): Promise<Settled> {
  const common = { ...targets, reason, ...(owner.trim() === '' ? {} : { owner: owner.trim() }) };
  const expiresAt = endOfDay(expires);
  if (status === 'accepted-risk') return acceptRisk({ ...common, expiresAt: expiresAt ?? 0 });
  const dueAt = endOfDay(due);
  return settle({
    ...common,
    status,
    ...(status === 'in-progress' && dueAt !== undefined ? { dueAt } : {}),
    ...(status === 'compensated' ? { control, ...(expiresAt === undefined ? {} : { expiresAt }) } : {}),
  });
}
