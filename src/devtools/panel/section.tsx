'use client';
/** Owns the parts that all details are made of: a section with a head, and pairs of a name and a value. */
import type { ReactNode } from 'react';

export interface SectionProps {
  title: string;
  /** It is closed at first. */
  isFolded?: boolean;
  children: ReactNode;
}

export function Section({ title, isFolded = false, children }: SectionProps): ReactNode {
  return (
    <details className="section" open={!isFolded}>
      <summary>{title}</summary>
      <div className="section-body">{children}</div>
    </details>
  );
}

/** A name and a value. */
export type Fact = readonly [name: string, value: ReactNode];

export function Facts({ facts }: { facts: readonly Fact[] }): ReactNode {
  if (facts.length === 0) return null;
  return (
    <dl className="facts">
      {facts.map(([name, value], index) => (
        <div key={index}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
