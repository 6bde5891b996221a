import { Anchor } from '@mantine/core';

/** Where a fact can be read in full, in a window of its own. Says to readers of screens whose source it is. */
export function SourceLink({ url, of }: { url: string; of: string }) {
  return (
    <Anchor href={url} target="_blank" rel="noreferrer" size="sm" aria-label={`Source of ${of}`}>
      source
    </Anchor>
  );
}
