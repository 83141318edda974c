// From what the server pushes to what the device shows.
import { workerStrings } from "../strings";

/** What a notification of ours carries with it. */
export interface NotificationData {
  /** The page that it leads to. */
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
    /** Of the same tag there is one at a time: a room's messages do not pile up. */
    tag: string;
    /** The one that replaces another one is heard all the same. */
    renotify: true;
    data: NotificationData;
  };
  /** The number for the app's icon, if the server said one. */
  unread: number | null;
}

/** As much of a notification that is on the screen as matters. */
interface DisplayedNotification {
  tag: string;
  data: unknown;
}

const defaultIcon = "/account/logo?size=small";
const badge = "/icons/badge-96.png";

/** What to show for a push. Something is always shown: browsers demand it of those who may push. */
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

/** What a notification carries, also one of an earlier version. */
export function notificationData(data: unknown, origin: string): NotificationData {
  const { path, count } = asObject(data);
  return { path: pathOrRoot(path, origin), count: asCount(count) ?? 1 };
}

/** The tag of the notifications that lead to this page. */
export function tagFor(path: string): string {
  return `campfire:${path.replace(/\/@.*$/, "")}`;
}

/** Only a page of ours is opened, whatever was pushed. */
function pathOrRoot(value: unknown, origin: string): string {
  return sameOriginPath(value, origin) ?? "/";
}

function sameOriginPath(value: unknown, origin: string): string | null {
  if (typeof value !== "string" || !value.startsWith("/")) return null;
  try {
    const url = new URL(value, origin);
    const path = url.pathname + url.search;
    // "/.//example.com" is a page of ours; what it comes down to would be read as an address elsewhere.
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
