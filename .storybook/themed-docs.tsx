// Owns: the pages of the documentation, in the theme that the toolbar chose.
import { DocsContainer, type DocsContainerProps } from '@storybook/addon-docs/blocks';
import { useEffect, useState, type PropsWithChildren } from 'react';
import { addons } from 'storybook/preview-api';
import { create, themes } from 'storybook/theming';

const fonts = { fontBase: "'Inter Variable', system-ui, sans-serif", fontCode: "'JetBrains Mono Variable', monospace" };
const light = create({ ...themes.light, base: 'light', ...fonts });
const dark = create({
  ...themes.dark,
  base: 'dark',
  ...fonts,
  appBg: '#111113',
  appContentBg: '#111113',
  appPreviewBg: '#111113',
});

const readTheme = () => /(?:^|;)theme:dark/.test(new URLSearchParams(location.search).get('globals') ?? '');

export function ThemedDocs({ children, ...props }: PropsWithChildren<DocsContainerProps>) {
  const [isDark, setIsDark] = useState(readTheme);
  useEffect(() => {
    const channel = addons.getChannel();
    const update = ({ globals }: { globals: Record<string, unknown> }) => setIsDark(globals['theme'] === 'dark');
    channel.on('globalsUpdated', update);
    return () => channel.off('globalsUpdated', update);
  }, []);
  return (
    <DocsContainer {...props} theme={isDark ? dark : light}>
      {children}
    </DocsContainer>
  );
}
