document.querySelector("#served").append(", styled and scripted from the asset store.");
