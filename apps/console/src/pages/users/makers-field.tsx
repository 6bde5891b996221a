import { Anchor, Button, Group, Modal, Stack, TagsInput, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { ErrorText } from '../../components/error-text.tsx';
import { type User, useMakers } from './queries.ts';

/** The makers whose devices a vendor may see. */
export function MakersField({ value, onChange }: { value: readonly string[]; onChange: (makers: string[]) => void }) {
  const makers = useMakers();
  return (
    <TagsInput
      label="Makers"
      description="It sees devices of exactly these makers, as they are written in the inventory. Enter takes a name."
      data={[...makers]}
      value={[...value]}
      onChange={onChange}
      acceptValueOnBlur
      required={value.length === 0}
    />
  );
}

/** Under the role of a vendor: whose devices it sees, and a look through its eyes. */
export function VendorMakers({ user, onChange }: { user: User; onChange: (() => void) | undefined }) {
  return (
    <Stack gap={4} mt={4} align="flex-start">
      {user.makers.map((maker) => (
        <Anchor key={maker} component={Link} to={`/vendor?maker=${encodeURIComponent(maker)}`} size="sm">
          {`See what ${maker} sees`}
        </Anchor>
      ))}
      {onChange !== undefined && (
        <Button size="compact-xs" variant="default" onClick={onChange} aria-label={`Makers of ${user.name}`}>
          Makers
        </Button>
      )}
    </Stack>
  );
}

export function MakersDialog(props: {
  user: User;
  onClose: () => void;
  onSave: (makers: readonly string[]) => Promise<unknown>;
}) {
  const { user, onClose, onSave } = props;
  const [makers, setMakers] = useState<readonly string[]>(user.makers);
  const [error, setError] = useState<unknown>(null);
  const save = () =>
    onSave(makers)
      .then(onClose)
      .catch((reason: unknown) => setError(reason));
  return (
    <Modal opened onClose={onClose} title={`${user.name} as a vendor`} centered>
      <Stack>
        <Text size="sm">
          A vendor sees reports and weaknesses of its own devices, sends documents for them, and nothing else. Present
          sessions of this user end.
        </Text>
        <MakersField value={makers} onChange={setMakers} />
        <ErrorText error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button onClick={save} disabled={makers.length === 0}>
            Save
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
