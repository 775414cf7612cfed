// Starts the components of the page. Every page works without it.
import { initAll } from "./govuk-frontend.min.js";

initAll();
