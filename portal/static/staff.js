/* The day sheet, for those who type fast: an activity that was picked fills the fields beside it, and what could not be kept is said.
   Without this file everything works the same, with a few more keys. */
(() => {
  "use strict";
  const field = (form, name) => form.elements.namedItem(name);
  const put = (target, value) => { if (target && value && !target.dataset.touched) target.value = value };

  document.addEventListener("input", event => {
    const it = event.target, form = it.form;
    if (!form || !form.matches("#kegiatan, [id$=-ubah]")) return;
    if (it.name !== "description") it.dataset.touched = "yes";
    if (it.name === "description") {
      const list = document.getElementById("saran");
      const known = list && [...list.options].find(each => each.value === it.value);
      if (!known) return;
      put(field(form, "unit"), known.dataset.unit);
      put(field(form, "target"), known.dataset.target);
      put(field(form, "activity_type"), known.dataset.type);
    }
    if (it.name === "activity_type") put(field(form, "unit"), it.selectedOptions[0].dataset.unit);
  });

  /* What could not be kept while one types is said where "tersimpan" stands; a link that could not open in its place opens as any link. */
  for (const name of ["htmx:response:error", "htmx:error"]) document.addEventListener(name, event => {
    const it = event.target;
    if (!(it instanceof Element)) return;
    if (it.matches("a[href]")) { location.assign(it.href); return }
    const place = it.querySelector(".typed"), word = it.dataset.unkept;
    if (!place || !word) return;
    const said = place.querySelector("p") || place.appendChild(document.createElement("p"));
    said.className = "err";
    said.textContent = word;
  });
})();
