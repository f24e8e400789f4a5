import "@hotwired/turbo";
import { Application } from "@hotwired/stimulus";
import CharacterCountController from "./controllers/character_count_controller";
import PhotoPreviewController from "./controllers/photo_preview_controller";
import SectionsController from "./controllers/sections_controller";

const application = Application.start();
application.register("character-count", CharacterCountController);
application.register("photo-preview", PhotoPreviewController);
application.register("sections", SectionsController);
