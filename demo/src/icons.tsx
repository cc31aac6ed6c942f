// Owns the page's drawings: 16 px, drawn with the ink around them, never spoken.
import type { ReactNode } from 'react';

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const SunIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="2.75" />
    <path d="M8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7" />
  </Icon>
);

export const MoonIcon = () => (
  <Icon>
    <path d="M13.5 9.6A5.75 5.75 0 0 1 6.4 2.5a5.75 5.75 0 1 0 7.1 7.1Z" />
  </Icon>
);

export const SystemIcon = () => (
  <Icon>
    <rect x="1.75" y="2.75" width="12.5" height="8.5" rx="1.5" />
    <path d="M5.5 13.75h5" />
  </Icon>
);

export const SettingsIcon = () => (
  <Icon>
    <path d="M1.75 4.5h6M12.25 4.5h2M1.75 11.5h2M8.25 11.5h6" />
    <circle cx="10" cy="4.5" r="1.9" />
    <circle cx="6" cy="11.5" r="1.9" />
  </Icon>
);

export const NewChatIcon = () => (
  <Icon>
    <path d="M7.5 2.75H4A1.75 1.75 0 0 0 2.25 4.5V12c0 .97.78 1.75 1.75 1.75h7.5c.97 0 1.75-.78 1.75-1.75V8.5" />
    <path d="m7 9 .4-1.9 5.2-5.2a1.06 1.06 0 0 1 1.5 1.5L8.9 8.6 7 9Z" />
  </Icon>
);

export const SendIcon = () => (
  <Icon>
    <path d="M8 13V3.25M3.75 7.25 8 3l4.25 4.25" />
  </Icon>
);

export const StopIcon = () => (
  <Icon>
    <rect x="4" y="4" width="8" height="8" rx="1" fill="currentColor" />
  </Icon>
);

export const DownIcon = () => (
  <Icon>
    <path d="M8 3v9.75M3.75 8.75 8 13l4.25-4.25" />
  </Icon>
);

/** A waterfall: what the panel shows. */
export const InspectorIcon = () => (
  <Icon>
    <path d="M2 4h5M4.5 8h7M9 12h5" />
  </Icon>
);

/** A parcel that goes back. */
export const ReturnIcon = () => (
  <Icon>
    <path d="M2.25 5.25 8 2.25l5.75 3v5.5L8 13.75l-5.75-3z" />
    <path d="M2.25 5.25 8 8.25l5.75-3M8 8.25v5.5" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon>
    <path d="m4 4 8 8m0-8-8 8" />
  </Icon>
);
