import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import { Connection, type ConnectionState } from "./connection";

const ConnectionContext = createContext<Connection | null>(null);

interface Props {
  /** Called when the server closes the connection for good. Must be stable. */
  onRefused: () => void;
  children: ReactNode;
}

/** Opens the connection while mounted and provides it. */
export function ConnectionProvider({ onRefused, children }: Props) {
  const [connection, setConnection] = useState<Connection | null>(null);
  useEffect(() => {
    const opened = new Connection(onRefused);
    setConnection(opened);
    return () => opened.close();
  }, [onRefused]);
  return connection && <ConnectionContext value={connection}>{children}</ConnectionContext>;
}

export function useConnection(): Connection {
  const connection = useContext(ConnectionContext);
  if (!connection) throw new Error("useConnection must be used inside ConnectionProvider");
  return connection;
}

export function useConnectionState(): ConnectionState {
  const connection = useConnection();
  return useSyncExternalStore(
    (listener) => connection.onChange(listener),
    () => connection.state,
  );
}
