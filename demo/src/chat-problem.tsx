// Owns what is shown when the model could not answer: the server's own words, and a way on.
import './chat-problem.css';

export interface ChatProblemProps {
  message: string;
  onRetry: () => void;
  onDismiss: () => void;
}

export function ChatProblem({ message, onRetry, onDismiss }: ChatProblemProps) {
  return (
    <div className="problem" role="alert">
      <p>{message}</p>
      <div>
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
        <button type="button" className="button is-quiet" onClick={onDismiss}>
          Dismiss
        </button>
      </div>
    </div>
  );
}
