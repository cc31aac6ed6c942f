// Owns the questions that one click asks: cards on an empty page, one line above the field later.
import { prompts } from './prompts.ts';
import './suggested-prompts.css';

export interface SuggestedPromptsProps {
  form: 'cards' | 'row';
  isDisabled: boolean;
  onChoose: (text: string) => void;
}

export function SuggestedPrompts({ form, isDisabled, onChoose }: SuggestedPromptsProps) {
  return (
    <ul className={`prompts is-${form}`} aria-label="Suggested questions">
      {prompts.map(({ title, hint, text }) => (
        <li key={title}>
          <button
            type="button"
            disabled={isDisabled}
            title={form === 'row' ? text : undefined}
            onClick={() => onChoose(text)}
          >
            <strong>{title}</strong>
            {form === 'cards' && <span>{hint}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
