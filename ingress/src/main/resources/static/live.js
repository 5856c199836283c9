// Keeps the page's lists as they are on the server. Without it, loading the page again does.
const PAUSE_MS = 250;
let waiting = null;

async function refresh() {
  waiting = null;
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok) {
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(old.id);
    const active = old.contains(document.activeElement) ? document.activeElement : null;
    // Whoever is on a link in it keeps it until they leave.
    if (!next || (active && !active.id)) {
      continue;
    }
    // What somebody unfolded stays so, and who is on it stays there.
    for (const open of old.querySelectorAll("details[id][open]")) {
      fresh.getElementById(open.id)?.setAttribute("open", "");
    }
    if (next.innerHTML !== old.innerHTML) {
      old.replaceChildren(...next.childNodes);
      if (active) {
        document.getElementById(active.id)?.focus({ preventScroll: true });
      }
    }
  }
}

if (document.querySelector("[data-live]")) {
  new EventSource("/events").addEventListener("change", () => {
    // Projections are written by a consumer of their own: a moment later they have it too.
    waiting ??= setTimeout(refresh, PAUSE_MS);
  });
}
