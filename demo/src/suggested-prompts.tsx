// Owns the questions that one click asks: cards on an empty page, one line above the field later.
import { prompts, type SuggestedPrompt } from './prompts.ts';
import './suggested-prompts.css';

export interface SuggestedPromptsProps {
  form: 'cards' | 'row';
  isDisabled: boolean;
  onChoose: (prompt: SuggestedPrompt) => void;
}

export function SuggestedPrompts({ form, isDisabled, onChoose }: SuggestedPromptsProps) {
  return (
    <ul className={`prompts is-${form}`} aria-label="Suggested questions">
      {prompts.map((prompt) => (
        <li key={prompt.title}>
          <button
            type="button"
            disabled={isDisabled}
            title={form === 'row' ? prompt.text : undefined}
            onClick={() => onChoose(prompt)}
          >
            <strong>{prompt.title}</strong>
            {form === 'cards' && <span>{prompt.hint}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
