// A search field above a list: hides the entries whose text does not hold every word typed.

export function enableFiltering(field) {
  const area = document.getElementById(field.dataset.filter);
  const nothing = document.getElementById(field.dataset.nothing);
  field.closest("[data-needs-script]").hidden = false;
  field.addEventListener("input", () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const entry of area.querySelectorAll("li")) {
      const text = plain(entry.textContent);
      entry.hidden = !words.every((word) => text.includes(word));
      shown += entry.hidden ? 0 : 1;
    }
    for (const group of area.querySelectorAll("section")) {
      group.hidden = !group.querySelector("li:not([hidden])");
    }
    nothing.hidden = shown > 0;
  });
}

// Accents and case don't matter to the reader: "avaliacao" finds "avaliação".
function plain(text) {
  return text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
}
