import type { Channel } from "@anycable/core";
import { type Cable, createCable } from "@anycable/web";

/** The state that is shown to the user. */
export type ConnectionState = "connecting" | "connected" | "offline";

/** How long a disconnect may last before it is shown, in milliseconds; most are shorter. */
const offlineAfter = 5_000;

/**
 * The delay before reconnecting after a rejection, in milliseconds, in case the session is still
 * valid.
 */
const retryAfterRefusal = 5_000;

/**
 * The WebSocket connection of a signed-in user. It reconnects automatically; each channel notifies
 * its subscribers of missed events.
 */
export class Connection {
  readonly #cable: Cable;
  readonly #listeners = new Set<() => void>();
  readonly #unbind: (() => void)[] = [];
  #state: ConnectionState = "connecting";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  /**
   * `onRefused` is called when the server closes the connection for good, for example after signing
   * out on another device. It should check the session; if that is valid, the connection is opened
   * again.
   */
  constructor(onRefused: () => void) {
    this.#cable = createCable({
      protocol: "actioncable-v1-ext-json",
      logLevel: "error",
      performFailures: "ignore",
    });
    this.#unbind.push(
      this.#cable.on("connect", () => this.#setState("connected")),
      this.#cable.on("disconnect", () => this.#offlineSoon()),
      this.#cable.on("close", (reason) => {
        if (!reason) return;
        onRefused();
        this.#retry = setTimeout(() => this.#connect(), retryAfterRefusal);
      }),
      this.#cable.on("keepalive", (time) => setRestoreTime(this.#cable, time)),
    );
    const onOnlineChange = () => {
      if (!navigator.onLine) this.#setState("offline");
      else if (this.#cable.state === "connected") this.#setState("connected");
    };
    window.addEventListener("offline", onOnlineChange);
    window.addEventListener("online", onOnlineChange);
    this.#unbind.push(() => {
      window.removeEventListener("offline", onOnlineChange);
      window.removeEventListener("online", onOnlineChange);
    });
    this.#offlineSoon();
    if (!navigator.onLine) this.#setState("offline");
    this.#connect();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  subscribe<C extends Channel>(channel: C): C {
    return this.#cable.subscribe(channel);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close() {
    clearTimeout(this.#timer);
    clearTimeout(this.#retry);
    for (const unbind of this.#unbind) unbind();
    this.#cable.disconnect();
  }

  #connect() {
    // The library retries; the state becomes "offline" meanwhile.
    this.#cable.connect().catch(() => undefined);
  }

  #offlineSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#setState("offline"), offlineAfter);
  }

  #setState(state: ConnectionState) {
    clearTimeout(this.#timer);
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/**
 * After a reconnect the client asks for everything since the last ping. The library takes that time
 * from this device's clock, which may be wrong; the ping carries the server's time.
 */
function setRestoreTime(cable: Cable, time: unknown) {
  if (typeof time !== "number") return;
  (cable.protocol as unknown as { restoreSince: number }).restoreSince = time;
}
