import { errorMessage } from "../api/problem";

/** An error message that is announced at once. Renders nothing without an error. */
export function ProblemText({ error }: { error: unknown }) {
  if (!error) return null;
  return (
    <p className="problem-text" role="alert">
      {errorMessage(error)}
    </p>
  );
}
