import { Controller } from "@hotwired/stimulus";

/** Shows a chosen photo before it is sent. */
export default class extends Controller {
  static targets = ["image", "input"];

  #url = null;

  show() {
    this.#forget();
    const [file] = this.inputTarget.files;
    if (file === undefined) return;
    this.#url = URL.createObjectURL(file);
    this.imageTarget.src = this.#url;
    this.imageTarget.hidden = false;
  }

  disconnect() {
    this.#forget();
  }

  #forget() {
    if (this.#url !== null) URL.revokeObjectURL(this.#url);
    this.#url = null;
  }
}
