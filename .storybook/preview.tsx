// Owns: what surrounds every story: our stylesheet, the toolbar (theme, direction, language, density), and accessibility violations as failures.
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import type { Preview } from '@storybook/react-vite';
import { configure } from 'storybook/test';
import { ToolCallLabelsProvider } from '../src/components/words/labels-provider.tsx';
import { arabic } from '../stories/labels/arabic.ts';
import { german } from '../stories/labels/german.ts';
import { japanese } from '../stories/labels/japanese.ts';
import '../src/styles/styles.css';
import './preview.css';
import { ThemedDocs } from './themed-docs.tsx';

// A laden machine is slow; what comes ends the waiting at once.
configure({ asyncUtilTimeout: 10_000 });

const languages = {
  en: { title: 'English', labels: undefined },
  de: { title: 'Deutsch', labels: german },
  ja: { title: '日本語', labels: japanese },
  ar: { title: 'العربية', labels: arabic },
};

const isLanguage = (value: unknown): value is keyof typeof languages =>
  typeof value === 'string' && Object.hasOwn(languages, value);

const preview: Preview = {
  tags: ['autodocs'],
  parameters: {
    layout: 'padded',
    a11y: { test: 'error' },
    docs: { container: ThemedDocs },
    backgrounds: { disabled: true },
    controls: { expanded: true },
    options: {
      storySort: {
        order: [
          'Introduction',
          'Getting started',
          'Concepts',
          ['Batches', 'Policies', 'Errors and retry', 'Approvals', 'Theming', 'Composing your own UI'],
          'Playground',
          'Live chat',
          'Components',
        ],
      },
    },
  },
  initialGlobals: { theme: 'light', direction: 'auto', language: 'en', density: 'comfortable' },
  globalTypes: {
    theme: {
      description: 'Light or dark',
      toolbar: {
        title: 'Theme',
        dynamicTitle: true,
        items: [
          { value: 'light', title: 'Light', icon: 'sun' },
          { value: 'dark', title: 'Dark', icon: 'moon' },
        ],
      },
    },
    direction: {
      description: 'Direction of the page',
      toolbar: {
        title: 'Direction',
        dynamicTitle: true,
        items: [
          { value: 'auto', title: 'Of the language', icon: 'globe' },
          { value: 'ltr', title: 'Left to right', icon: 'arrowright' },
          { value: 'rtl', title: 'Right to left', icon: 'arrowleft' },
        ],
      },
    },
    language: {
      description: 'Labels',
      toolbar: {
        title: 'Language',
        dynamicTitle: true,
        items: Object.entries(languages).map(([value, { title }]) => ({ value, title })),
      },
    },
    density: {
      description: 'Height of the rows',
      toolbar: {
        title: 'Density',
        dynamicTitle: true,
        items: [
          { value: 'comfortable', title: 'Comfortable', icon: 'menu' },
          { value: 'compact', title: 'Compact', icon: 'listunordered' },
        ],
      },
    },
  },
  decorators: [
    (Story, { globals }) => {
      const isDark = globals['theme'] === 'dark';
      const language = isLanguage(globals['language']) ? globals['language'] : 'en';
      const direction = globals['direction'] === 'auto' ? (language === 'ar' ? 'rtl' : 'ltr') : globals['direction'];
      const root = document.documentElement;
      root.classList.toggle('dark', isDark);
      root.style.colorScheme = isDark ? 'dark' : 'light';
      root.lang = language;
      root.dir = String(direction);
      root.dataset['density'] = String(globals['density']);
      return (
        <ToolCallLabelsProvider labels={languages[language].labels}>
          <Story />
        </ToolCallLabelsProvider>
      );
    },
  ],
};

export default preview;
