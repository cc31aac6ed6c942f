import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import 'use-parallel-tools/styles.css';

export const metadata: Metadata = { title: 'use-parallel-tools: Next.js', icons: 'data:,' };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
