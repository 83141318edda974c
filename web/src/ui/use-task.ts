import { useCallback, useEffect, useRef, useState } from "react";

interface Task<Given extends unknown[]> {
  /** Does it, unless it is under way. Answers whether it went well. */
  run: (...given: Given) => Promise<boolean>;
  busy: boolean;
  /** What went wrong the last time. */
  error: unknown;
}

/** Something a person starts that takes a moment and may fail. */
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
