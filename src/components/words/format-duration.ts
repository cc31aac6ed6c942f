/** Owns how a duration is written. Which words stand for the units is the labels' matter. */

/** The signs of the units, as `createDurationFormat` writes them after a no-break space. */
export interface DurationUnits {
  millisecond: string;
  second: string;
  minute: string;
  hour: string;
}

/** Writes a duration given in milliseconds. */
export type DurationFormat = (milliseconds: number) => string;

const NO_BREAK_SPACE = '\u00A0';

/**
 * Creates a duration format for one locale: `340 ms` below a second, `1.2 s` below ten, `33 s` below a minute, then
 * `1 min 5 s` and `1 h 5 min`. Numbers are written by `Intl`; for use in your own labels.
 */
export function createDurationFormat(locale: string, units: DurationUnits): DurationFormat {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const tenths = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const write = (value: number, unit: keyof DurationUnits) => `${whole.format(value)}${NO_BREAK_SPACE}${units[unit]}`;
  const pair = (large: string, rest: number, unit: keyof DurationUnits) =>
    rest === 0 ? large : `${large} ${write(rest, unit)}`;

  return (milliseconds) => {
    if (Math.round(milliseconds) < 1000) return write(Math.round(milliseconds), 'millisecond');
    const inTenths = Math.round(milliseconds / 100) / 10;
    if (inTenths < 10) return `${tenths.format(inTenths)}${NO_BREAK_SPACE}${units.second}`;
    const seconds = Math.round(milliseconds / 1000);
    if (seconds < 60) return write(seconds, 'second');
    if (seconds < 3600) return pair(write(Math.floor(seconds / 60), 'minute'), seconds % 60, 'second');
    const minutes = Math.round(seconds / 60);
    return pair(write(Math.floor(minutes / 60), 'hour'), minutes % 60, 'minute');
  };
}
