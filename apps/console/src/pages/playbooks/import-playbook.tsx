import { Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { FileDrop } from '../../components/file-drop.tsx';
import { checkPlaybook, type PlaybookProblem, useImportPlaybook } from './queries.ts';

const MAXIMUM_BYTES = 4_000_000;

interface Chosen {
  readonly name: string;
  readonly content: string;
  readonly isWhole: boolean;
  readonly problems: readonly PlaybookProblem[];
}

/** A file is checked first; every error stands there with its place. */
export function ImportPlaybook({ onClose }: { onClose: () => void }) {
  const [chosen, setChosen] = useState<Chosen>();
  const [error, setError] = useState<unknown>(null);
  const take = useImportPlaybook();
  const check = async (files: readonly File[]) => {
    const file = files[0];
    if (file === undefined) return;
    setError(null);
    try {
      const content = await file.text();
      setChosen({ name: file.name, content, ...(await checkPlaybook(content)) });
    } catch (reason) {
      setError(reason);
    }
  };
  return (
    <Modal opened onClose={onClose} title="Import a playbook" size="lg">
      <Stack>
        <FileDrop
          label="Playbook"
          invitation="Drop a playbook of CACAO 2.0 here, or choose one"
          hint="JSON. One with an id that is known replaces it."
          onFiles={check}
          maxFiles={1}
          maxSize={MAXIMUM_BYTES}
        />
        {chosen !== undefined && <Findings chosen={chosen} />}
        <ErrorText error={error ?? take.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={chosen?.isWhole !== true}
            loading={take.isPending}
            onClick={() => take.mutate(chosen?.content ?? '', { onSuccess: onClose })}
          >
            Import
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Findings({ chosen: { name, isWhole, problems } }: { chosen: Chosen }) {
  return (
    <div role="status">
      <Text fw={500}>{isWhole ? `${name} can be carried out.` : `${name} cannot be imported as it is.`}</Text>
      <List size="sm">
        {problems.map(({ level, path, message }) => (
          <List.Item key={`${path} ${message}`}>
            {level}: {message}
            {path !== '' && (
              <Text component="span" size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {' '}
                at {path}
              </Text>
            )}
          </List.Item>
        ))}
      </List>
    </div>
  );
}
