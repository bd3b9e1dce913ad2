/* The validation queue by keyboard: j and k move, x picks, o opens, a approves, r returns, ? lists the keys. Everything works without it. */
(() => {
  "use strict";
  const form = document.getElementById("validasi");
  const chosen = document.getElementById("chosen");
  if (!form || !chosen) return;
  const rows = [...form.querySelectorAll(".queue > li")];
  const box = row => row.querySelector("input[name=day]");
  const ticked = name => form.querySelectorAll(`input[name=${name}]:checked`).length;
  const bulk = form.querySelector(".bulk");
  let at = -1;

  const tell = () => {
    for (const row of rows) row.classList.toggle("on", box(row).checked);
    const said = [["day", "days"], ["entry", "entries"]].map(([name, word]) => [ticked(name), chosen.dataset[word]]).filter(([count]) => count);
    chosen.textContent = said.map(([count, word]) => `${count} ${word}`).join(", ") || chosen.dataset.none;
  };
  const go = to => {
    at = Math.min(Math.max(to, 0), rows.length - 1);
    box(rows[at]).focus();
    rows[at].scrollIntoView({ block: "nearest" });
  };
  const pick = row => { box(row).checked = !box(row).checked; tell(); };
  const pickHere = () => {
    if (ticked("day") + ticked("entry") === 0 && at >= 0) pick(rows[at]);
    return ticked("day") + ticked("entry") > 0;
  };
  const keys = {
    j: () => go(at + 1),
    k: () => go(at - 1),
    x: () => at >= 0 && pick(rows[at]),
    o: () => { if (at >= 0) { const fold = rows[at].querySelector("details"); fold.open = !fold.open; } },
    a: () => pickHere() && form.requestSubmit(form.querySelector("button[value=approve]")),
    r: () => { if (pickHere()) { bulk.querySelector("details").open = true; form.elements.reason.focus(); } },
    "?": () => { const list = document.getElementById("keys"); list.open = !list.open; if (list.open) list.querySelector("summary").focus(); },
  };
  const onOff = document.getElementById("keys-on"); // keys of one letter must be possible to turn off (WCAG 2.1.4)
  const kept = (value) => {
    try { return value === undefined ? localStorage.getItem("keys") : localStorage.setItem("keys", value); } catch { return null; }
  };
  onOff.checked = kept() !== "off";
  onOff.closest("label").hidden = false;
  onOff.addEventListener("change", () => kept(onOff.checked ? "on" : "off"));
  const isTyping = target => target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");

  form.addEventListener("change", tell);
  form.addEventListener("focusin", event => { const row = event.target.closest(".queue > li"); if (row) at = rows.indexOf(row); });
  document.getElementById("all")?.addEventListener("click", event => {
    event.preventDefault();
    const on = rows.some(row => !box(row).checked);
    for (const row of rows) box(row).checked = on;
    tell();
  });
  document.addEventListener("keydown", event => {
    const act = keys[event.key];
    if (!act || !onOff.checked || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    act();
  });
  document.querySelector(".errors, .note[role=status]")?.scrollIntoView({ block: "nearest" });
  tell();
})();
