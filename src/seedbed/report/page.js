// Without this script the page shows everything, and filters; with it, columns can be sorted.
"use strict";

(() => {
  const table = document.querySelector("table");
  if (!table) return;
  const body = table.tBodies[0];
  const headers = [...table.tHead.rows[0].cells];
  const status = document.querySelector("[role=status]");
  const words = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

  function compare(one, other, numbers) {
    return numbers ? Number(one) - Number(other) : words.compare(one, other);
  }

  function sort(header) {
    const column = headers.indexOf(header);
    const direction = header.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    const rows = [...body.rows].map((row) => [row.cells[column].dataset.value, row]);
    rows.sort(([one], [other]) => {
      // What is not known stays last, whichever way.
      if (one === undefined || other === undefined) {
        return (one === undefined) - (other === undefined);
      }
      return direction * compare(one, other, header.classList.contains("number"));
    });
    body.append(...rows.map(([, row]) => row));
    for (const each of headers) each.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
  }

  for (const header of headers) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    button.addEventListener("click", () => sort(header));
    header.append(button);
  }

  document.querySelector(".filter").addEventListener("change", () => {
    const shown = [...body.rows].filter((row) => row.checkVisibility()).length;
    status.textContent = `${shown} of ${body.rows.length} students`;
  });

  // What lies over the table goes away as people expect.
  function closeAll() {
    for (const open of table.querySelectorAll("details[open]")) open.open = false;
  }
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && table.querySelector("details[open]");
    if (!open) return;
    if (open.contains(document.activeElement)) open.querySelector("summary").focus();
    closeAll();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("details")) closeAll();
  });
})();
