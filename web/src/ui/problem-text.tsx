import { errorMessage } from "../api/problem";

/** What went wrong, said at once; nothing while all is well. */
export function ProblemText({ error }: { error: unknown }) {
  if (!error) return null;
  return (
    <p className="problem-text" role="alert">
      {errorMessage(error)}
    </p>
  );
}
