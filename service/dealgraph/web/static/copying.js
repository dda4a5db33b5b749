// Buttons that copy the text of another element: data-copy holds its id.

export function enableCopying(button) {
  if (!navigator.clipboard) return; // plain http on another host: the text can still be selected
  button.hidden = false;
  const before = button.textContent;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent);
    button.textContent = button.dataset.textDone;
    setTimeout(() => (button.textContent = before), 1500);
  });
}
