import type { Channel } from "@anycable/core";
import { type Cable, createCable } from "@anycable/web";

/** What a person is told about the live connection. */
export type ConnectionState = "connecting" | "connected" | "offline";

/** How long a break may last before anybody is told: most are over sooner. */
const offlineAfter = 5_000;

/** When to try again after a refusal, if the session turns out to be alive. */
const retryAfterRefusal = 5_000;

/**
 * The one live connection of a signed-in person. It reconnects by itself; whoever subscribes hears
 * about breaks from their own channel.
 */
export class Connection {
  readonly #cable: Cable;
  readonly #listeners = new Set<() => void>();
  readonly #unbind: (() => void)[] = [];
  #state: ConnectionState = "connecting";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  /**
   * `onRefused` is called when the server ends the connection for good, as after a sign-out elsewhere,
   * and should find out whether this person is still signed in. If so, the connection comes back.
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
    const turned = () => {
      if (!navigator.onLine) this.#setState("offline");
      else if (this.#cable.state === "connected") this.#setState("connected");
    };
    window.addEventListener("offline", turned);
    window.addEventListener("online", turned);
    this.#unbind.push(() => {
      window.removeEventListener("offline", turned);
      window.removeEventListener("online", turned);
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
    // A failed attempt is followed by the next one, and shows as "offline" in the meantime.
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
 * After a break the client asks for what was sent since the last ping. The published client takes
 * that moment from this device's clock, which may be wrong; the ping carries the server's.
 */
function setRestoreTime(cable: Cable, time: unknown) {
  if (typeof time !== "number") return;
  (cable.protocol as unknown as { restoreSince: number }).restoreSince = time;
}
