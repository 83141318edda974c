/** The texts of the service worker, apart so that its bundle contains no others. */
export const workerStrings = {
  title: "Campfire",
  somethingNew: "There is something new.",
  several: (title: string, count: number) => `${title} (${count})`,
};
