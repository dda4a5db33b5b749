// A text field that finds firms, products and deals by name, in the pattern of
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ (list autocomplete, manual selection).
// Without this script the field is plain text that the server resolves.

const DELAY = 120; // ms: shorter asks for every letter, longer feels stuck

let count = 0;

export class Combobox {
  // `root` holds one or more text inputs of one name: the values given so far, the last one free.
  constructor(root) {
    this.root = root;
    this.name = root.dataset.name;
    this.multiple = root.dataset.multiple === "true";
    this.goesTo = root.dataset.goesTo; // where set, a choice opens the page of the thing
    // The question's own value, not the reader's: the first name that is picked takes its place.
    this.untouched = "default" in root.dataset;
    this.options = [];
    this.active = -1;
    this.asked = null;
    this.build();
  }

  build() {
    const given = [...this.root.querySelectorAll("input")];
    this.input = given.pop();
    this.input.remove();
    given.forEach((field) => field.remove());

    this.box = element("div", { class: "combo-box" });
    this.list = element("ul", {
      class: "combo-list",
      role: "listbox",
      id: `combo-list-${++count}`,
      "aria-label": this.input.getAttribute("aria-label") || this.root.dataset.label,
    });
    this.list.hidden = true;
    this.status = element("div", { class: "visually-hidden", role: "status" });
    setAttributes(this.input, {
      role: "combobox",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    });
    this.box.append(this.input);
    this.root.append(this.box, this.list, this.status);

    for (const field of [...given, this.input]) {
      if (field.dataset.key) {
        this.addChip(field.dataset.key, field.dataset.label);
        field.value = "";
      } else if (field.value) {
        this.input.value = field.value; // a name the server could not resolve: to be mended
      }
    }
    // A free field beside chips would send an empty value that says nothing.
    this.input.form.addEventListener("formdata", ({ formData }) => {
      // A name typed in full, without choosing it from the list, takes the place of the default too.
      if (this.untouched && this.input.value.trim()) formData.set(this.name, this.input.value);
      const values = formData.getAll(this.name).filter((value) => value.trim());
      if (!values.length) return;
      formData.delete(this.name);
      values.forEach((value) => formData.append(this.name, value));
    });
    this.input.addEventListener("input", () => this.askSoon());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("blur", () => this.close());
    this.box.addEventListener("click", () => this.input.focus());
    // mousedown, not click: the field must not lose the focus before the choice is taken
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const item = event.target.closest("[role=option]");
      if (item) this.choose([...this.list.children].indexOf(item));
    });
  }

  addChip(key, label) {
    if (!this.multiple) this.removeChips();
    const remove = element("button", {
      type: "button",
      "aria-label": this.root.dataset.textRemove.replace("{name}", label),
    });
    remove.textContent = "×";
    const chip = element("span", { class: "chip" });
    chip.append(label, element("input", { type: "hidden", name: this.name, value: key }), remove);
    remove.addEventListener("click", () => {
      this.untouched = false;
      chip.remove();
      this.input.focus();
    });
    this.box.insertBefore(chip, this.input);
  }

  removeChips() {
    this.box.querySelectorAll(".chip").forEach((chip) => chip.remove());
  }

  askSoon() {
    clearTimeout(this.timer);
    this.asked?.abort();
    if (!this.input.value.trim()) return this.close();
    this.timer = setTimeout(() => this.ask(), DELAY);
  }

  async ask() {
    const { search, kind, lang } = this.root.dataset;
    const query = new URLSearchParams({ q: this.input.value.trim(), kind, lang });
    this.asked = new AbortController();
    try {
      const response = await fetch(`${search}?${query}`, {
        signal: this.asked.signal,
        headers: { Accept: "application/json" },
      });
      if (!response.ok) throw new Error(String(response.status));
      this.show((await response.json()).results);
    } catch (error) {
      // An aborted request was replaced by a newer one; a failed one leaves plain text, which works.
      if (error.name !== "AbortError") this.close();
    }
  }

  show(options) {
    this.options = options;
    this.active = -1;
    this.list.replaceChildren(...options.map((option, place) => this.item(option, place)));
    this.list.hidden = options.length === 0;
    this.input.setAttribute("aria-expanded", String(options.length > 0));
    this.input.removeAttribute("aria-activedescendant");
    const text = options.length ? this.root.dataset.textFound : this.root.dataset.textNone;
    this.status.textContent = text.replace("{count}", options.length);
  }

  item(option, place) {
    const item = element("li", {
      role: "option",
      id: `${this.list.id}-${place}`,
      "aria-selected": "false",
    });
    item.append(option.label);
    // The name that matched, where the reader would not see why this one is offered.
    if (option.matched !== option.label) {
      const small = document.createElement("small");
      small.textContent = option.matched;
      item.append(small);
    }
    return item;
  }

  onKey(event) {
    const open = !this.list.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && open) {
      event.preventDefault();
      this.move(step);
    } else if (event.key === "ArrowDown" && this.input.value.trim()) {
      event.preventDefault();
      this.ask();
    } else if (event.key === "Enter" && open) {
      // Enter in an open list never sends the form half filled in.
      event.preventDefault();
      this.choose(Math.max(this.active, 0));
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Backspace" && !this.input.value) {
      this.untouched = false;
      [...this.box.querySelectorAll(".chip")].pop()?.remove();
    }
  }

  move(step) {
    const items = [...this.list.children];
    items[this.active]?.setAttribute("aria-selected", "false");
    const first = step > 0 ? 0 : items.length - 1;
    this.active = this.active < 0 ? first : (this.active + step + items.length) % items.length;
    const item = items[this.active];
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", item.id);
  }

  choose(place) {
    const option = this.options[place];
    if (!option) return;
    this.close();
    if (this.goesTo) {
      window.location.assign(option.page);
      return;
    }
    if (this.untouched) this.removeChips();
    this.untouched = false;
    this.addChip(option.key, option.label);
    this.input.value = "";
    this.input.removeAttribute("aria-invalid");
    this.status.textContent = option.label;
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

function element(name, attributes) {
  const made = document.createElement(name);
  setAttributes(made, attributes);
  return made;
}

function setAttributes(target, attributes) {
  for (const [name, value] of Object.entries(attributes)) target.setAttribute(name, value);
}
