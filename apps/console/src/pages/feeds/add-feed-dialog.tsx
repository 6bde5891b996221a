import { Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { addFeed, useFeedChange } from './queries.ts';

const EXAMPLE = `id: our-pump-maker
title: Advisories of our pump maker
publisher: Example Medical
format: csaf
authority: vendor
update: csaf
url: https://example.com/.well-known/csaf/provider-metadata.json
licence:
  id: as the maker says
sources:
  - { title: Security page of the maker, url: 'https://example.com/security' }
`;

/** A feed of the hospital's own. */
export function AddFeedDialog({ onClose }: { onClose: () => void }) {
  const [definition, setDefinition] = useState(EXAMPLE);
  const add = useFeedChange(addFeed);
  return (
    <Modal opened onClose={onClose} title="Add a feed" size="lg">
      <Stack>
        <Textarea
          label="Definition"
          description="YAML, as the feeds that come with SPHINX have it. It is fetched only when you switch it on."
          value={definition}
          onChange={(event) => setDefinition(event.currentTarget.value)}
          autosize
          minRows={12}
          maxRows={24}
          styles={{ input: { fontFamily: 'monospace', fontSize: 13 } }}
          data-autofocus
        />
        <ErrorText error={add.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={add.isPending} onClick={() => add.mutate(definition, { onSuccess: onClose })}>
            Add
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
