/**
 * `<character-count for="ID" limit="N">` shows how much of a text field is used.
 * It counts code points, as the server does, so that 𠮷 is one character and not two.
 */
export class CharacterCount extends HTMLElement {
  #field = null;
  #update = () => {
    const used = [...this.#field.value.trim()].length;
    const limit = Number(this.getAttribute("limit"));
    this.textContent = `${used} / ${limit}`;
    this.toggleAttribute("over", used > limit);
  };

  connectedCallback() {
    this.#field = document.getElementById(this.getAttribute("for"));
    this.#field.addEventListener("input", this.#update);
    this.#update();
  }

  disconnectedCallback() {
    this.#field.removeEventListener("input", this.#update);
  }
}
