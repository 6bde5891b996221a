import { Stack } from '@mantine/core';
import { OwnPassword } from '../users/own-password.tsx';
import { TokensSection } from '../users/tokens-section.tsx';

/** How do we, and our programs, get in? */
export function AccountView() {
  return (
    <Stack>
      <TokensSection />
      <OwnPassword />
    </Stack>
  );
}
