import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import { Connection, type ConnectionState } from "./connection";

const Current = createContext<Connection | null>(null);

interface Props {
  /** Called when the server ends the connection for good. Must not change between renders. */
  onRefused: () => void;
  children: ReactNode;
}

/** Opens the live connection for as long as it is on the page, and gives it to what is inside. */
export function ConnectionProvider({ onRefused, children }: Props) {
  const [connection, setConnection] = useState<Connection | null>(null);
  useEffect(() => {
    const opened = new Connection(onRefused);
    setConnection(opened);
    return () => opened.close();
  }, [onRefused]);
  return connection && <Current value={connection}>{children}</Current>;
}

export function useConnection(): Connection {
  const connection = useContext(Current);
  if (!connection) throw new Error("useConnection needs a ConnectionProvider around it");
  return connection;
}

export function useConnectionState(): ConnectionState {
  const connection = useConnection();
  return useSyncExternalStore(
    (listener) => connection.onChange(listener),
    () => connection.state,
  );
}
