import { Stack } from '@mantine/core';
import { useMay } from '../../api/session.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { OwnPassword } from './own-password.tsx';
import { TokensSection } from './tokens-section.tsx';
import { UsersSection } from './users-section.tsx';

/** Who may do what here, and which programs may? */
export default function UsersPage() {
  const maySeeUsers = useMay('users:read');
  return (
    <>
      <PageHeader
        title="Users and tokens"
        description="People sign in and have the rights of their role. Programs use tokens, each with the few rights it needs."
      />
      <Stack>
        {maySeeUsers && <UsersSection />}
        <TokensSection />
        <OwnPassword />
      </Stack>
    </>
  );
}
