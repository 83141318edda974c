import { useCallback, useEffect, useRef, useState } from "react";

interface Task<Given extends unknown[]> {
  /** Runs the task unless it is running. Resolves to whether it succeeded. */
  run: (...given: Given) => Promise<boolean>;
  busy: boolean;
  /** The error of the last run, or null. */
  error: unknown;
}

/** An async action that a user starts, with busy and error state. */
export function useTask<Given extends unknown[]>(
  work: (...given: Given) => Promise<unknown>,
): Task<Given> {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const isRunning = useRef(false);
  const latest = useRef(work);
  useEffect(() => {
    latest.current = work;
  });
  const run = useCallback(async (...given: Given) => {
    if (isRunning.current) return false;
    isRunning.current = true;
    setBusy(true);
    setError(null);
    try {
      await latest.current(...given);
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
