import "@hotwired/turbo";
import { CharacterCount } from "./character_count";

customElements.define("character-count", CharacterCount);
