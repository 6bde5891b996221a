import { Anchor } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import type { CareNode } from './queries.ts';

/** Leads to who needs it and what it needs, beside what is on the screen. */
export function NodeLink({ node }: { node: Pick<CareNode, 'id' | 'name'> }) {
  const [parameters] = useSearchParams();
  const next = new URLSearchParams(parameters);
  next.set('node', node.id);
  return (
    <Anchor component={Link} to={`?${next}`} preventScrollReset size="sm">
      {node.name}
    </Anchor>
  );
}
