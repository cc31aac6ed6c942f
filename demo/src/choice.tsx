// Owns the look and keyboard of a small exclusive choice: radio buttons in a row, moved through with the arrow keys.
import { useId, type ReactNode } from 'react';
import './choice.css';

export interface Option<TValue> {
  value: TValue;
  label: string;
  /** Shown instead of the label, which is then only spoken. */
  icon?: ReactNode;
}

export interface ChoiceProps<TValue> {
  legend: string;
  /** Only spoken, not shown. */
  isLegendHidden?: boolean;
  options: Option<TValue>[];
  value: TValue;
  onChange: (value: TValue) => void;
}

export function Choice<TValue>({ legend, isLegendHidden = false, options, value, onChange }: ChoiceProps<TValue>) {
  const name = useId();
  return (
    <fieldset className="choice">
      <legend className={isLegendHidden ? 'spoken' : undefined}>{legend}</legend>
      <div className="choice-options">
        {options.map((option) => (
          <label key={option.label} title={option.icon ? option.label : undefined}>
            <input
              type="radio"
              className="spoken"
              name={name}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.icon}
            <span className={option.icon ? 'spoken' : undefined}>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
