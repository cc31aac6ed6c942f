// Owns: what Storybook loads. How a story looks is preview.tsx's.
import type { StorybookConfig } from '@storybook/react-vite';

const config: StorybookConfig = {
  framework: '@storybook/react-vite',
  stories: ['../stories/**/*.mdx', '../stories/**/*.stories.tsx'],
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y', '@storybook/addon-vitest'],
  core: { disableTelemetry: true, disableWhatsNewNotifications: true, enableCrashReports: false },
  // `react-docgen-typescript` calls TypeScript's JavaScript API, which TypeScript 7 does not have.
  typescript: { check: false, reactDocgen: 'react-docgen' },
};

export default config;
