// Shows public pages that one has seen when there is no network: as they were, and with the moment at which they were true.
const KEPT = "seen-1", MOST = 60;
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(
  caches.keys().then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name))))));
self.addEventListener("fetch", (event) => {
  const asked = new URL(event.request.url);
  const isPage = event.request.mode === "navigate" && (asked.pathname === "/" || asked.pathname.startsWith("/kantor/"));
  if (event.request.method !== "GET" || asked.origin !== location.origin) return;
  if (isPage || asked.pathname.startsWith("/statis/")) event.respondWith(answer(event.request, isPage));
});
async function answer(request, isPage) {
  const kept = await caches.open(KEPT);
  try {
    const fresh = await fetch(request);
    if (fresh.ok && (fresh.headers.get("Cache-Control") || "").startsWith("public")) {
      await kept.put(request, fresh.clone());
      for (const old of (await kept.keys()).slice(0, -MOST)) await kept.delete(old);
    }
    return fresh;
  } catch {
    const seen = await kept.match(request);
    return !seen ? Response.error() : isPage ? asItWas(seen) : seen;
  }
}
async function asItWas(seen) {
  const text = await seen.text(), language = /<html lang="en"/.test(text) ? "en" : "id";
  const when = new Date(seen.headers.get("Date")).toLocaleString(language === "en" ? "en-GB" : "id-ID", { dateStyle: "full", timeStyle: "short" });
  const said = `<p class="offline" role="status">${SAID[language].replace("{when}", when)}</p>`;
  const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": seen.headers.get("Content-Security-Policy") };
  return new Response(text.replace(/<main[^>]*>/, (main) => main + said), { headers });
}
