import { type CSSVariablesResolver, createTheme, DEFAULT_THEME, type MantineColorsTuple } from '@mantine/core';

/** Mantine's darkest green and orange miss AA under white text by a little. */
function withDarkest(color: MantineColorsTuple, darkest: string): MantineColorsTuple {
  const [a, b, c, d, e, f, g, h, i] = color;
  return [a, b, c, d, e, f, g, h, i, darkest];
}

/** The title of a dialog is no banner of the page, although Mantine writes it as `<header>` (HTML-AAM, header). */
const DIALOG = {
  closeButtonProps: { 'aria-label': 'Close' },
  attributes: { header: { role: 'presentation' } },
};

/** Calm colours; every pair of text and ground reaches WCAG 2.2 AA (1.4.3: 4.5 to 1). */
export const theme = createTheme({
  primaryColor: 'cyan',
  primaryShade: 9,
  colors: {
    green: withDarkest(DEFAULT_THEME.colors.green, '#237032'),
    orange: withDarkest(DEFAULT_THEME.colors.orange, '#9c3d00'),
  },
  autoContrast: true,
  respectReducedMotion: true,
  luminanceThreshold: 0.35,
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  components: {
    Paper: { defaultProps: { withBorder: true, p: 'md' } },
    // What scrolls must be reachable by keyboard (WCAG 2.1.1).
    ScrollArea: { defaultProps: { viewportProps: { tabIndex: 0 } } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
    Modal: { defaultProps: DIALOG },
    Drawer: { defaultProps: DIALOG },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
  },
});

/** Mantine's own greys for secondary text stay below AA. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-7)',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--mantine-color-anchor': 'var(--mantine-color-cyan-9)',
    '--mantine-color-orange-text': '#9c3d00',
    '--mantine-color-yellow-outline': '#805500',
    // Mantine's is lighter than the button, below AA under white text.
    '--mantine-color-cyan-filled-hover': '#095b6c',
  },
  dark: {
    '--mantine-color-cyan-filled-hover': '#095b6c',
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-1)',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
    '--mantine-color-anchor': 'var(--mantine-color-cyan-3)',
    '--mantine-color-orange-text': 'var(--mantine-color-orange-4)',
  },
});
