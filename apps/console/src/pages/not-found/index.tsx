import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { PageHeader } from '../../components/page-header.tsx';
import { EmptyState } from '../../components/states.tsx';

export function NotFoundPage() {
  return (
    <>
      <PageHeader title="Not found" />
      <EmptyState
        title="There is no page at this address"
        description="It may have been moved, or the address was cut when it was copied."
        action={
          <Button component={Link} to="/">
            To the overview
          </Button>
        }
      />
    </>
  );
}
