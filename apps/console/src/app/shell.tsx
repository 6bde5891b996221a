import {
  Alert,
  AppShell,
  Avatar,
  Burger,
  Button,
  Group,
  Image,
  Kbd,
  Menu,
  NavLink,
  ScrollArea,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import { IconLogout, IconMoon, IconPlugConnectedX, IconSearch, IconSun, IconSunMoon } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'react-router';
import { useLiveUpdates } from '../api/live.ts';
import { useServicesOff } from '../api/services.ts';
import { ROLE_TITLES, type SessionUser, useSignOut } from '../api/session.ts';
import { CommandPalette } from './command-palette.tsx';
import { isOpenTo, type Page, SECTIONS } from './page.ts';
import { PAGES } from './pages.ts';

/** What is around every page: where am I, where can I go, is it up to date. */
export function Shell({ user, children }: { user: SessionUser; children: ReactNode }) {
  const [isMenuOpen, menu] = useDisclosure(false);
  const live = useLiveUpdates();
  const off = useServicesOff();
  const pages = PAGES.filter((page) => {
    const { icon, service = '', menuOf = user.role } = page;
    return icon !== undefined && menuOf === user.role && isOpenTo(page, user) && !off.has(service);
  });
  useStartOfPage();
  useHotkeys([['mod+K', () => spotlight.open()]]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'md', collapsed: { mobile: !isMenuOpen } }}
      padding="md"
    >
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={isMenuOpen} onClick={menu.toggle} hiddenFrom="md" size="sm" aria-label="Menu" />
            <UnstyledButton component={Link} to="/" aria-label="SPHINX, overview">
              <Group gap="xs" wrap="nowrap">
                <Image src="/sphinx.svg" alt="" w={28} h={28} />
                <Text fw={700}>SPHINX</Text>
              </Group>
            </UnstyledButton>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Button
              variant="default"
              size="xs"
              leftSection={<IconSearch size={16} aria-hidden />}
              rightSection={<Kbd size="xs">Ctrl K</Kbd>}
              onClick={spotlight.open}
            >
              Find
            </Button>
            <UserMenu user={user} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        <ScrollArea>
          <PageLinks pages={pages} onFollow={menu.close} />
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        {live === 'interrupted' && (
          <Alert color="orange" variant="outline" mb="md" icon={<IconPlugConnectedX aria-hidden />} role="status">
            Live updates are interrupted: what you see may be old. SPHINX is being tried again.
          </Alert>
        )}
        {children}
      </AppShell.Main>
      <CommandPalette pages={pages} />
    </AppShell>
  );
}

/** A page that was gone to is read from its start, by eye and by screen reader. */
function useStartOfPage(): void {
  const { pathname } = useLocation();
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    window.scrollTo(0, 0);
    document.getElementById('content')?.focus({ preventScroll: true });
  }, [pathname]);
}

function PageLinks({ pages, onFollow }: { pages: readonly Page[]; onFollow: () => void }) {
  const linksOf = (section: Page['section']) =>
    pages
      .filter((page) => page.section === section)
      .map((page) => <PageLink key={page.path} {...page} onFollow={onFollow} />);
  return (
    <>
      {linksOf(undefined)}
      {Object.entries(SECTIONS).map(([section, title]) => {
        const links = linksOf(section as keyof typeof SECTIONS);
        if (links.length === 0) return null;
        return (
          <section key={section} aria-labelledby={`menu-${section}`}>
            <Text id={`menu-${section}`} size="xs" fw={600} c="dimmed" px="sm" pt={8} pb={2}>
              {title}
            </Text>
            {links}
          </section>
        );
      })}
    </>
  );
}

function PageLink({ path, title, icon: Icon, onFollow }: Page & { onFollow: () => void }) {
  const { pathname } = useLocation();
  const isHere = path === '/' ? pathname === '/' : pathname === path || pathname.startsWith(`${path}/`);
  return (
    <NavLink
      component={Link}
      to={path}
      label={title}
      leftSection={Icon === undefined ? undefined : <Icon size={18} aria-hidden />}
      active={isHere}
      aria-current={isHere ? 'page' : undefined}
      variant="filled"
      py={4}
      onClick={onFollow}
    />
  );
}

function UserMenu({ user }: { user: SessionUser }) {
  const signOut = useSignOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton aria-label={`Account of ${user.name}`}>
          <Group gap={6} wrap="nowrap">
            <Avatar color="cyan.9" variant="filled" size="sm" aria-hidden />
            <Text size="sm" visibleFrom="sm">
              {user.name}
            </Text>
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.name} · {ROLE_TITLES[user.role] ?? user.role}
        </Menu.Label>
        <Menu.Divider />
        {SCHEMES.map(({ value, title, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={16} aria-hidden />}
            onClick={() => setColorScheme(value)}
            aria-current={colorScheme === value}
            fw={colorScheme === value ? 700 : 400}
          >
            {title}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => signOut.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const SCHEMES = [
  { value: 'light', title: 'Light', icon: IconSun },
  { value: 'dark', title: 'Dark', icon: IconMoon },
  { value: 'auto', title: 'As the system', icon: IconSunMoon },
] as const;
