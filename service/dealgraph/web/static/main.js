// Starts what a page has. Every page works without it.

import { Combobox } from "./combobox.js";
import { enableCopying } from "./copying.js";
import { enableFiltering } from "./filtering.js";
import { enableRunning, enableStopping } from "./query.js";

document.querySelectorAll("[data-combobox]").forEach((root) => new Combobox(root));
document.querySelectorAll("[data-copy]").forEach(enableCopying);
document.querySelectorAll("[data-filter]").forEach(enableFiltering);
document.querySelectorAll("textarea[data-run]").forEach(enableRunning);
document.querySelectorAll("button[data-stop]").forEach(enableStopping);
