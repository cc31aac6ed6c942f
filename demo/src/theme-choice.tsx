// Owns the choice of light, dark or the system's theme.
import { Choice, type Option } from './choice.tsx';
import { MoonIcon, SunIcon, SystemIcon } from './icons.tsx';
import { changeSettings, useSettings, type Theme } from './settings.ts';

const options: Option<Theme>[] = [
  { value: 'light', label: 'Light', icon: <SunIcon /> },
  { value: 'system', label: 'System', icon: <SystemIcon /> },
  { value: 'dark', label: 'Dark', icon: <MoonIcon /> },
];

export function ThemeChoice() {
  const theme = useSettings((settings) => settings.theme);
  return (
    <Choice
      legend="Theme"
      isLegendHidden
      options={options}
      value={theme}
      onChange={(value) => changeSettings({ theme: value })}
    />
  );
}
