// Converts a push message into a notification.
import { workerStrings } from "../texts/worker";

/** The `data` of a notification. */
export interface NotificationData {
  /** The path to open. */
  path: string;
  /** How many messages it stands for. */
  count: number;
}

export interface NotificationContent {
  title: string;
  options: {
    body: string;
    icon: string;
    badge: string;
    /** A notification replaces the one with the same tag: one per room. */
    tag: string;
    /** A replacement alerts again. */
    renotify: true;
    data: NotificationData;
  };
  /** The app badge, if the server sent it. */
  unread: number | null;
}

/** The fields of a displayed notification that are needed here. */
interface DisplayedNotification {
  tag: string;
  data: unknown;
}

const defaultIcon = "/account/logo?size=small";
const badge = "/icons/badge-96.png";

/** The notification for a push message. There always is one, because browsers require it. */
export function notificationFor(
  text: string,
  earlier: readonly DisplayedNotification[],
  origin: string,
): NotificationContent {
  const pushed = asObject(parseJson(text));
  const options = asObject(pushed.options);
  const data = asObject(options.data);
  const path = pathOrRoot(data.path, origin);
  const tag = tagFor(path);
  const before = earlier.find((other) => other.tag === tag);
  const count = 1 + (before ? Math.max(1, notificationData(before.data, origin).count) : 0);
  const title = asText(pushed.title) ?? workerStrings.title;
  return {
    title: count > 1 && path !== "/" ? workerStrings.several(title, count) : title,
    options: {
      body: asText(options.body) ?? workerStrings.somethingNew,
      icon: sameOriginPath(options.icon, origin) ?? defaultIcon,
      badge,
      tag,
      renotify: true,
      data: { path, count },
    },
    unread: asCount(data.badge),
  };
}

/** Reads the data of a notification, also of an earlier version. */
export function notificationData(data: unknown, origin: string): NotificationData {
  const { path, count } = asObject(data);
  return { path: pathOrRoot(path, origin), count: asCount(count) ?? 1 };
}

/** The tag of notifications for this path. */
export function tagFor(path: string): string {
  return `campfire:${path.replace(/\/@.*$/, "")}`;
}

/** Only paths on this origin are opened. */
function pathOrRoot(value: unknown, origin: string): string {
  return sameOriginPath(value, origin) ?? "/";
}

function sameOriginPath(value: unknown, origin: string): string | null {
  if (typeof value !== "string" || !value.startsWith("/")) return null;
  try {
    const url = new URL(value, origin);
    const path = url.pathname + url.search;
    // "/.//example.com" is on this origin, but its normalized path would be read as another host.
    return url.origin === origin && !path.startsWith("//") ? path : null;
  } catch {
    return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function asText(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

function asCount(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
}
