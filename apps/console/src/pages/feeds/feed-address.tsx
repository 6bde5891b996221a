import { Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { changeFeed, type Feed, useFeedChange } from './queries.ts';

/** A mirror inside the hospital, and a key of the publisher's API. */
export function FeedAddress({ feed }: { feed: Feed }) {
  const [url, setUrl] = useState(feed.url ?? '');
  const [apiKey, setApiKey] = useState('');
  const change = useFeedChange(changeFeed);
  const save = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(
      { id: feed.id, url: url.trim() === '' ? null : url.trim(), ...(apiKey === '' ? {} : { apiKey }) },
      { onSuccess: () => setApiKey('') },
    );
  };
  return (
    <form onSubmit={save}>
      <Stack gap="xs">
        <TextInput
          type="url"
          label="Address"
          description="A mirror that is asked instead of the publisher; leave it empty for the publisher."
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <PasswordInput
          label="Key of the publisher's API"
          description="Only where the publisher gives one. It is kept encrypted and never shown again."
          autoComplete="off"
          value={apiKey}
          onChange={(event) => setApiKey(event.currentTarget.value)}
        />
        <ErrorText error={change.error} />
        <Group gap="xs">
          <Button type="submit" variant="default" loading={change.isPending}>
            Save
          </Button>
          <Button variant="subtle" onClick={() => change.mutate({ id: feed.id, apiKey: null })}>
            Forget the key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
