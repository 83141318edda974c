import { expect, it } from "vitest";
import { parseUserAgent } from "./user-agent";

const like = "AppleWebKit/537.36 (KHTML, like Gecko)";

it("recognizes desktop browsers", () => {
  const chrome = `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${like} Chrome/126.0.0.0 Safari/537.36`;
  expect(parseUserAgent(chrome)).toEqual({ browser: "Chrome", system: "Windows", isMobile: false });
  expect(parseUserAgent(`${chrome} Edg/126.0.0.0`).browser).toBe("Edge");
  expect(parseUserAgent(`${chrome} OPR/112.0.0.0`).browser).toBe("Opera");
  expect(
    parseUserAgent("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
  ).toEqual({ browser: "Firefox", system: "Linux", isMobile: false });
  const safari = `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15`;
  expect(parseUserAgent(safari)).toEqual({ browser: "Safari", system: "macOS", isMobile: false });
});

it("recognizes phones, whose browsers claim to be others", () => {
  const phone = `Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1`;
  expect(parseUserAgent(phone)).toEqual({ browser: "Safari", system: "iPhone", isMobile: true });
  const android = `Mozilla/5.0 (Linux; Android 10; K) ${like} Chrome/126.0.0.0 Mobile Safari/537.36`;
  expect(parseUserAgent(android)).toEqual({ browser: "Chrome", system: "Android", isMobile: true });
});

it("returns nothing for unknown user agents", () => {
  expect(parseUserAgent("something of my own")).toEqual({
    browser: null,
    system: null,
    isMobile: false,
  });
  expect(parseUserAgent(null).browser).toBeNull();
});
