import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';

/** Devices of the sample hospital have no page: they are not in the inventory. */
const SAMPLE_DEVICE = 'ast_sample_';

/** Name of a device, with the way to its page. */
export function DeviceName({ id, name }: { id: string; name: string }) {
  if (id.startsWith(SAMPLE_DEVICE)) return <Text size="sm">{name}</Text>;
  return (
    <Anchor component={Link} to={`/assets/${encodeURIComponent(id)}`} size="sm" display="block">
      {name}
    </Anchor>
  );
}
