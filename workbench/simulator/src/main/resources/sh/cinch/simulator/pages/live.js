// Shows what has changed since the page came, but not under the hands of whoever is on a link.
const main = document.querySelector("main");
let shown = null;

async function look() {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location)).text(), "text/html");
    const now = page.querySelector("main").innerHTML;
    if (shown === null) {
      shown = now;
    } else if (shown !== now && !main.contains(document.activeElement)) {
      main.innerHTML = now;
      shown = now;
    }
  } catch {
    // the simulator is away; the next look may find it again
  }
  setTimeout(look, 2000);
}

look();
