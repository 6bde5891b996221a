import { Button, Checkbox, Group, Modal, MultiSelect, NumberInput, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { approve, useCredentials, useProbingChange } from './queries.ts';

const MOST_HOURS = 24 * 366;
const MOST_CREDENTIALS = 3;

/** A person agrees to probes of one device for a time. @param target id of an asset, or an address */
export function AgreeDialog({ target, name, onClose }: { target: string; name: string; onClose: () => void }) {
  const [hours, setHours] = useState<number | string>(2);
  const [isOutOfCare, setOutOfCare] = useState(false);
  const [credentials, setCredentials] = useState<string[]>([]);
  const [note, setNote] = useState('');
  const known = useCredentials(true).data?.items ?? [];
  const agree = useProbingChange(approve);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    agree.mutate({ target, hours: Number(hours), isOutOfCare, credentials, note }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={`Agree to probes of ${name}`} size="lg">
      <form onSubmit={submit}>
        <Stack>
          <NumberInput
            label="For how many hours"
            required
            min={0.1}
            max={MOST_HOURS}
            value={hours}
            onChange={setHours}
            data-autofocus
          />
          <Checkbox
            label="I state that the device is on no patient"
            description="Fragile and life-sustaining devices are asked only then."
            checked={isOutOfCare}
            onChange={(event) => setOutOfCare(event.currentTarget.checked)}
          />
          <MultiSelect
            label="Logins of makers’ manuals that may be tried"
            description="None, as a rule. At most three; the password is never put on record."
            data={known.map(({ id, product }) => ({ value: id, label: product }))}
            value={credentials}
            onChange={setCredentials}
            maxValues={MOST_CREDENTIALS}
            searchable
          />
          <Textarea
            label="Note"
            placeholder="for example: on the bench"
            autosize
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Text size="sm" c="dimmed">
            Your name stands by it, here and in the audit trail. It can be withdrawn at any time: what runs on it is cut
            off.
          </Text>
          <ErrorText error={agree.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={agree.isPending}>
              Agree
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
