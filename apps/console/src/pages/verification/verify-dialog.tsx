import { Button, Group, Modal, Radio, Select, Stack, Text, Textarea } from '@mantine/core';
import type { VerificationOccasion } from '@sphinx/schema';
import { type FormEvent, useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import {
  CHOSEN_OCCASIONS,
  type DeclarationKnowledge,
  OCCASIONS,
  useDeclarations,
  useOccasions,
  useVerify,
} from './occasions.ts';

interface Props {
  readonly assetId: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onVerified: ((id: string) => void) | undefined;
}

/** Why is it judged, and what can only a person say of it? */
export function VerifyDialog({ assetId, isOpen, onClose, onVerified }: Props) {
  const [occasion, setOccasion] = useState<VerificationOccasion>('periodic');
  const [reason, setReason] = useState('');
  const [answers, setAnswers] = useState<Readonly<Record<string, string>>>({});
  const { data: occasions } = useOccasions();
  const { data: declarations } = useDeclarations();
  const verify = useVerify();
  const asked = (declarations?.items ?? []).filter((one) => one.occasions.includes(occasion));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const declared = asked.flatMap(({ id }) => {
      const answer = answers[id];
      return answer === 'yes' || answer === 'no' ? [{ id, answer } as const] : [];
    });
    verify.mutate(
      { assetId, occasion, reason, declarations: declared },
      {
        onSuccess: ({ id }) => {
          onClose();
          onVerified?.(id);
        },
      },
    );
  };
  const about = occasions?.items.find(({ id }) => id === occasion);
  return (
    <Modal opened={isOpen} onClose={onClose} title="Verify on an occasion" size="lg">
      <form onSubmit={submit}>
        <Stack>
          <Select
            label="Occasion"
            data-autofocus
            allowDeselect={false}
            value={occasion}
            onChange={(value) => setOccasion((value ?? 'periodic') as VerificationOccasion)}
            data={CHOSEN_OCCASIONS.map((value) => ({ value, label: OCCASIONS[value] }))}
          />
          {about !== undefined && (
            <Text size="sm" c="dimmed">
              {about.question} {about.rationale}
            </Text>
          )}
          <Textarea
            label="Why"
            description="For example the number of the incident or of the repair; it stands on the verification."
            autosize
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {asked.map((one) => (
            <DeclarationInput
              key={one.id}
              declaration={one}
              value={answers[one.id] ?? ''}
              onChange={(value) => setAnswers({ ...answers, [one.id]: value })}
            />
          ))}
          <ErrorText error={verify.error} />
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={verify.isPending}>
              Verify
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Left open it counts as not said; your name is kept with the answer. */
function DeclarationInput(props: {
  readonly declaration: DeclarationKnowledge;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { declaration, value, onChange } = props;
  return (
    <Radio.Group label={declaration.question} description={declaration.help} value={value} onChange={onChange}>
      <Group mt="xs">
        <Radio value="yes" label="Yes" />
        <Radio value="no" label="No" />
        <Radio value="" label="Not said" />
      </Group>
    </Radio.Group>
  );
}
