import { Controller } from "@hotwired/stimulus";

/**
 * Shows how much of a text field is used. It counts code points, as the server does, so that 𠮷 is one character and
 * not two.
 */
export default class extends Controller {
  static targets = ["field", "output"];
  static values = { limit: Number };

  connect() {
    this.update();
  }

  update() {
    const used = [...this.fieldTarget.value.trim()].length;
    this.outputTarget.textContent = `${used} / ${this.limitValue}`;
    this.outputTarget.toggleAttribute("data-over", used > this.limitValue);
  }
}
