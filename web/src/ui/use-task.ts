import { useCallback, useEffect, useRef, useState } from "react";

interface Task<Args extends unknown[]> {
  /** Runs the task unless it is running. Resolves to whether it succeeded. */
  run: (...args: Args) => Promise<boolean>;
  busy: boolean;
  /** The error of the last run, or null. */
  error: unknown;
}

/** An async action that a user starts, with busy and error state. */
export function useTask<Args extends unknown[]>(
  work: (...args: Args) => Promise<unknown>,
): Task<Args> {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const isRunning = useRef(false);
  const latest = useRef(work);
  useEffect(() => {
    latest.current = work;
  });
  const run = useCallback(async (...args: Args) => {
    if (isRunning.current) return false;
    isRunning.current = true;
    setBusy(true);
    setError(null);
    try {
      await latest.current(...args);
      return true;
    } catch (thrown) {
      setError(thrown);
      return false;
    } finally {
      isRunning.current = false;
      setBusy(false);
    }
  }, []);
  return { run, busy, error };
}
