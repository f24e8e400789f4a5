import { Controller } from "@hotwired/stimulus";

/** Adds, removes and moves the sections of a form. Without it the form has one empty section to fill. */
export default class extends Controller {
  static targets = ["list", "template", "section", "position", "destroy"];

  #added = 0;

  add() {
    // fields of one section share an index that no other section of this page has
    const html = this.templateTarget.innerHTML.replaceAll("NEW_SECTION", `${Date.now()}${this.#added++}`);
    this.listTarget.insertAdjacentHTML("beforeend", html);
    this.#renumber();
    this.sectionTargets.at(-1).querySelector("input:not([type=hidden])").focus();
  }

  remove({ target }) {
    const section = this.#sectionOf(target);
    const destroy = this.destroyTargets.find((each) => section.contains(each));
    destroy.value = "1";
    section.hidden = true;
    // a hidden field that is required would keep the form from being sent
    for (const field of section.querySelectorAll("[required]")) field.required = false;
  }

  up({ target }) {
    const section = this.#sectionOf(target);
    section.previousElementSibling?.before(section);
    this.#renumber();
    target.focus();
  }

  #sectionOf(element) {
    return this.sectionTargets.find((section) => section.contains(element));
  }

  #renumber() {
    for (const [index, position] of this.positionTargets.entries()) position.value = index;
  }
}
