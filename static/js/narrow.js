// On a phone the list comes first and its filter opens at a touch; without this script it stands open.

if (matchMedia("(max-width: 52rem)").matches) document.querySelector(".filters").open = false;
